using System.Diagnostics;
using System.Globalization;

namespace Dify.Core.Sandbox.Jail;

/// <summary>
/// The command line of a jail: bubblewrap with namespaces of its own for users, processes, network, mounts, IPC and host
/// name; of the system only <c>/usr</c>, read only; an empty <c>/tmp</c> in memory; no environment.
/// </summary>
internal static class JailCommand
{
    /// <summary>
    /// Closes what whoever started the program may have left open, and reads the script from its input, so that neither
    /// command line nor file holds it.
    /// </summary>
    private const string Bootstrap = """
        import posix,sys
        posix.closerange(3,1048576)
        v='/python%d.%d/'%sys.version_info[:2]
        sys.path+=['/usr/local/lib'+v+'dist-packages','/usr/local/lib'+v+'site-packages','/usr/lib/python3/dist-packages','/usr/lib'+v+'site-packages']
        exec(compile(sys.stdin.buffer.read(),'<sandbox>','exec'))
        """;

    private const int TemporaryBytes = 64 * 1024 * 1024;

    private static readonly string[] SystemLinks = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];

    public static ProcessStartInfo For(JailTools tools, SandboxOptions limits)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();

        // Root outside would be root to the kernel's process limit, so it becomes nobody before the jail is made.
        var command = new List<string>();
        if (tools.Setpriv is not null)
        {
            command.AddRange([tools.Setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--"]);
        }

        command.AddRange([
            tools.Bubblewrap,
            "--unshare-user", "--disable-userns", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534",
            "--hostname", "sandbox", "--ro-bind", "/usr", "/usr",
        ]);
        foreach (var link in SystemLinks)
        {
            AddSystemFolder(command, link);
        }

        command.AddRange([
            "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
            "--ro-bind-try", "/etc/matplotlibrc", "/etc/matplotlibrc", "--ro-bind-try", "/etc/fonts", "/etc/fonts",
            "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--size", Text(TemporaryBytes), "--tmpfs", "/tmp", "--remount-ro", "/", "--chdir", "/tmp",
            "--setenv", "LANG", "C.UTF-8", "--setenv", "PATH", "/usr/bin", "--setenv", "HOME", "/tmp", "--setenv", "OPENBLAS_NUM_THREADS", "1",
            "--", tools.Prlimit, .. Limits(limits), "--", tools.Python, "-I", "-S", "-B", "-c", Bootstrap,
        ]);
        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static string[] Limits(SandboxOptions limits)
    {
        var memory = limits.MemoryMegabytes * 1024L * 1024;
        var seconds = (long)Math.Ceiling(limits.RunTimeoutSeconds) + 1;
        return
        [
            $"--as={memory}:{memory}", $"--cpu={seconds}:{seconds}", $"--nproc={limits.MaxProcesses}:{limits.MaxProcesses}",
            $"--fsize={TemporaryBytes}:{TemporaryBytes}", "--nofile=64:64", "--core=0:0", "--stack=8388608:8388608",
        ];
    }

    private static void AddSystemFolder(List<string> command, string path)
    {
        var folder = new DirectoryInfo(path);
        if (!folder.Exists)
        {
            return;
        }

        command.AddRange(folder.LinkTarget is { } target ? ["--symlink", target, path] : ["--ro-bind", path, path]);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
