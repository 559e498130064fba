using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dify.Web;

namespace Dify.Tests.Support;

/// <summary>The built program as a process of its own, to be killed or measured.</summary>
internal sealed class DifyProcess : IAsyncDisposable
{
    private readonly Process _process;

    private DifyProcess(Process process, string address, TimeSpan startTime)
    {
        _process = process;
        StartTime = startTime;
        Client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>From the start of the process to the first answer of <c>/health</c>.</summary>
    public TimeSpan StartTime { get; }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    /// <summary>Resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the program and waits until it is alive.</summary>
    public static async Task<DifyProcess> StartAsync(
        string dataFolder, IEnumerable<KeyValuePair<string, string>>? environment = null, CancellationToken cancellationToken = default)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = StartInfo(dataFolder, address, environment);
        var begin = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        using var probe = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The program ended with exit code {process.ExitCode} while starting.");
            }

            try
            {
                using var answer = await probe.GetAsync(new Uri($"{address}/health"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return new DifyProcess(process, address, Stopwatch.GetElapsedTime(begin));
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>Starts the program and waits until it ends by itself; what it wrote to both streams.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string dataFolder, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancellationToken)
    {
        var start = StartInfo(dataFolder, $"http://127.0.0.1:{FreePort()}", environment);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var ending = cancellationToken.Register(process.Kill);
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, string.Concat(output).Trim());
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(
        string dataFolder, string address, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        var start = new ProcessStartInfo("dotnet", [ProgramPath()])
        {
            WorkingDirectory = dataFolder,
            Environment = { ["DIFY_DATA_DIR"] = dataFolder, ["ASPNETCORE_URLS"] = address, ["Logging__LogLevel__Default"] = "Warning" },
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>The web project's own output, of the same configuration as these tests.</summary>
    private static string ProgramPath()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(
            SharedFolder.RepositoryRoot, "Dify.Web", "bin", configuration, "net10.0", Path.GetFileName(typeof(Program).Assembly.Location));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
