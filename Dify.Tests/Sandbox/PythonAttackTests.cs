using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Xunit;

namespace Dify.Tests.Sandbox;

/// <summary>What code may try against the jail (attack list C5, C6).</summary>
public sealed class PythonAttackTests : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await TestSandbox.RequirePythonAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_fork_bomb_stops_at_the_limit_of_processes()
    {
        var result = await TestSandbox.PythonAsync(
            """
            import os, time
            def main():
                n = 0
                try:
                    while True:
                        if os.fork() == 0:
                            time.sleep(30)
                        n += 1
                except OSError:
                    return {"n": n}
            """);
        Assert.InRange((int)result["n"]!, 1, 16);
    }

    [Theory]
    [InlineData("x = 'a' * (10 * 1024 ** 3)")]
    [InlineData("x = bytearray(10 * 1024 ** 3)")]
    [InlineData("x = [0]\n    while True: x = x * 2")]
    public async Task A_memory_bomb_ends_in_an_error(string code) =>
        Assert.Contains("Memory", await TestSandbox.FailureAsync(() => TestSandbox.PythonAsync($"def main():\n    {code}\n    return {{}}")));

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("import time; time.sleep(600)")]
    [InlineData("import signal\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    while True: pass")]
    public async Task What_never_ends_is_stopped(string code) =>
        Assert.Equal(
            "The code ran longer than 1 seconds and was stopped.",
            await TestSandbox.FailureAsync(() => TestSandbox.PythonAsync($"def main():\n    {code}", change: o => o.RunTimeoutSeconds = 1)));

    [Theory]
    [InlineData("while True: print('x' * 1000)")]
    [InlineData("import sys\n    while True: sys.stderr.write('x' * 1000)")]
    public async Task Endless_output_is_stopped(string code) =>
        Assert.Contains("bytes and was stopped", await TestSandbox.FailureAsync(() => TestSandbox.PythonAsync($"def main():\n    {code}", change: o => o.MaxOutputBytes = 65536)));

    [Fact]
    public async Task Neither_environment_nor_processes_nor_open_files_of_the_program_are_seen()
    {
        Environment.SetEnvironmentVariable("DIFY_TEST_CANARY", "canary-4711");
        var result = await TestSandbox.PythonAsync(
            """
            import os
            def read(path):
                try:
                    return open(path, "rb").read().decode("latin-1")
                except OSError as e:
                    return str(e)
            def main():
                return {
                    "env": " ".join(f"{k}={v}" for k, v in os.environ.items()),
                    "one": read("/proc/1/environ") + read("/proc/1/cmdline"),
                    "self": read("/proc/self/environ"),
                    "pids": [int(p) for p in os.listdir("/proc") if p.isdigit()],
                    "fds": os.listdir("/proc/self/fd"),
                    "uid": os.getuid(),
                }
            """);
        var text = result.ToJsonString();
        Assert.DoesNotContain("canary-4711", text);
        Assert.DoesNotContain("DIFY_", text);
        Assert.DoesNotContain("Dify.Tests", text);
        Assert.True(result["pids"]!.AsArray().Count <= 4, text);
        Assert.True(result["fds"]!.AsArray().Count <= 4, text);
        Assert.Equal(65534, (int)result["uid"]!);
    }

    [Fact]
    public async Task The_network_is_not_there()
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        var port = ((IPEndPoint)canary.LocalEndpoint).Port;
        var result = await TestSandbox.PythonAsync(
            """
            import socket
            def attempt(host, port):
                try:
                    socket.create_connection((host, port), 1).close()
                    return "connected"
                except OSError as e:
                    return type(e).__name__
            def main(port):
                return {"r": [attempt("127.0.0.1", port), attempt("169.254.169.254", 80), attempt("10.0.0.1", 80), attempt("example.com", 80)]}
            """,
            new JsonObject { ["port"] = port });
        Assert.DoesNotContain("connected", result.ToJsonString());
        Assert.False(canary.Pending());
    }

    [Fact]
    public async Task Nothing_can_be_written_outside_the_temporary_folder_and_little_be_read()
    {
        var result = await TestSandbox.PythonAsync(
            """
            import os
            def attempt(action):
                try:
                    action()
                    return "done"
                except OSError as e:
                    return type(e).__name__
            def main():
                os.symlink("/proc/1/root", "/tmp/root")
                os.symlink("/usr/lib", "/tmp/lib")
                paths = ["/x", "/usr/x", "/usr/bin/x", "/etc/x", "/proc/sys/kernel/hostname", "/dev/sda", "/tmp/lib/x", "/tmp/root/x", "/tmp/../x"]
                with open("/tmp/ok", "w") as f:
                    f.write("x")
                return {
                    "writes": [attempt(lambda p=p: open(p, "w").close()) for p in paths],
                    "reads": [os.path.exists(p) for p in ["/etc/passwd", "/etc/shadow", "/root", "/home", "/app", "/data", "/var", "/work", "/tmp/root/etc/passwd", "/sys/kernel"]],
                    "mknod": attempt(lambda: os.mknod("/tmp/dev", 0o600 | 0o060000, os.makedev(8, 0))),
                }
            """);
        Assert.DoesNotContain("done", result.ToJsonString());
        Assert.DoesNotContain("true", result.ToJsonString());
    }

    [Fact]
    public async Task Rights_cannot_be_raised()
    {
        var result = await TestSandbox.PythonAsync(
            """
            import ctypes, os, resource
            def attempt(action):
                try:
                    return str(action())
                except (OSError, ValueError) as e:
                    return type(e).__name__
            def main():
                libc = ctypes.CDLL(None, use_errno=True)
                return {
                    "setuid": attempt(lambda: os.setuid(0)),
                    "userns": libc.unshare(0x10000000),
                    "mount": libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
                    "limit": attempt(lambda: resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))),
                    "chroot": attempt(lambda: os.chroot("/tmp")),
                    "kill": attempt(lambda: os.kill(1, 9)),
                }
            """);
        Assert.NotEqual("None", (string)result["setuid"]!);
        Assert.Equal(-1, (int)result["userns"]!);
        Assert.Equal(-1, (int)result["mount"]!);
        Assert.NotEqual("None", (string)result["limit"]!);
        Assert.Equal("PermissionError", (string)result["chroot"]!);
    }

    [Fact]
    public async Task Runs_see_nothing_of_each_other()
    {
        const string Code = "import os, builtins\ndef main():\n    seen = os.path.exists('/tmp/mark') or hasattr(builtins, 'mark')\n    builtins.mark = 1\n    open('/tmp/mark', 'w').close()\n    return {'seen': seen}";
        await TestSandbox.PythonAsync(Code);
        Assert.False((bool)(await TestSandbox.PythonAsync(Code))["seen"]!);
    }

    [Theory]
    [InlineData("import builtins\nbuiltins.exec = builtins.compile = builtins.len = None\nint = None\ndef main():\n    return {'r': 1}")]
    [InlineData("import sys, json\njson.dumps = None\nsys.stdout = None\nsys.stderr = None\ndef main():\n    return {'r': 1}")]
    public async Task Overridden_functions_harm_only_the_code_itself(string code) =>
        Assert.Equal("""{"r":1}""", (await TestSandbox.PythonAsync(code)).ToJsonString());

    [Fact]
    public async Task All_processes_of_a_stopped_run_are_gone()
    {
        const string Code = "import os, time\ndef main():\n    for _ in range(3):\n        if os.fork() == 0:\n            os.setsid()\n            break\n    time.sleep(300)";
        await TestSandbox.FailureAsync(() => TestSandbox.PythonAsync(Code, change: o => o.RunTimeoutSeconds = 1));
        for (var i = 0; i < 100 && Jailed().Any(); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Empty(Jailed());
    }

    [Fact]
    public async Task Where_the_tools_are_missing_the_code_does_not_run()
    {
        var message = (await Assert.ThrowsAsync<SandboxUnavailableException>(async () =>
            await TestSandbox.Create(o => o.ToolFolders = ["/nowhere"]).RunAsync(
                new CodeRequest(CodeLanguage.Python3, "def main(): return {}", []), TestContext.Current.CancellationToken))).Message;
        Assert.Contains("bubblewrap", message);
        Assert.Contains("CODE_EXECUTION_ENDPOINT", message);
    }

    private static IEnumerable<string> Jailed() => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Select(folder => CommandLine(folder))
        .Where(line => line.Contains("<sandbox>", StringComparison.Ordinal) && line.Contains("--cpu=2:2", StringComparison.Ordinal));

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
