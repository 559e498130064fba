using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;

namespace Dify.Core.Sandbox.Jail;

/// <summary>Python in a bubblewrap jail that is made for one run and ends with it.</summary>
internal sealed class JailRunner(JailStarter starter, IOptions<SandboxOptions> options, TimeProvider time) : IDisposable
{
    private const int MaxErrorBytes = 256 * 1024;

    private static readonly UTF8Encoding Lenient = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>For a killed jail to be gone.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _checking = new(1);
    private bool _isAllowed;
    private (DateTimeOffset At, string Reason)? _refusal;

    public async Task<ScriptOutput> RunAsync(string script, CancellationToken cancellationToken)
    {
        var tools = JailTools.Find(options.Value.ToolFolders);
        if (!Volatile.Read(ref _isAllowed))
        {
            await CheckAsync(tools, cancellationToken);
        }

        return await RunAsync(tools, script, cancellationToken);
    }

    public void Dispose() => _checking.Dispose();

    /// <summary>Tries once whether this system lets jails be made at all; a refusal is asked again after a minute.</summary>
    private async Task CheckAsync(JailTools tools, CancellationToken cancellationToken)
    {
        await _checking.WaitAsync(cancellationToken);
        try
        {
            if (_isAllowed)
            {
                return;
            }

            if (_refusal is not { } known || time.GetUtcNow() - known.At > Recheck)
            {
                var output = await RunAsync(tools, "", cancellationToken);
                _refusal = output.Error.Length > 0 ? (time.GetUtcNow(), output.Error.Trim()) : null;
            }

            Volatile.Write(ref _isAllowed, _refusal is null);
            if (_refusal is { } refusal)
            {
                throw Refused(refusal.Reason);
            }
        }
        finally
        {
            _checking.Release();
        }
    }

    private async Task<ScriptOutput> RunAsync(JailTools tools, string script, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        using var process = await StartAsync(JailCommand.For(tools, limits));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(limits.RunTimeoutSeconds), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        // Ends the jail with all that is in it, and so the reading of its pipes as well.
        await using var kill = end.Token.Register(static state => Kill((Process)state!), process);
        var text = ReadAsync(process.StandardOutput.BaseStream, limits.MaxOutputBytes, process);
        var error = ReadAsync(process.StandardError.BaseStream, MaxErrorBytes, process);
        await WriteAsync(process, script);
        await Task.WhenAny(Task.WhenAll(text, error), EndedAsync(end.Token));
        if (!text.IsCompleted || !error.IsCompleted)
        {
            // What left the jail's family before the kill may still hold the pipes; nobody waits for it.
            cancellationToken.ThrowIfCancellationRequested();
            return Judge(0, new Output("", false), new Output("", false), deadline.IsCancellationRequested, limits);
        }

        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return Judge(process.ExitCode, await text, await error, deadline.IsCancellationRequested, limits);
    }

    /// <summary>A moment after the run was ended from outside.</summary>
    private async Task EndedAsync(CancellationToken end)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = end.Register(ended.SetResult);
        await ended.Task;
        await Task.Delay(Grace, time, CancellationToken.None);
    }

    private static ScriptOutput Judge(int exitCode, Output text, Output error, bool isLate, SandboxOptions limits)
    {
        if (isLate)
        {
            return new ScriptOutput(text.Text, $"The code ran longer than {limits.RunTimeoutSeconds:0.#} seconds and was stopped.");
        }

        if (text.IsTooLong || error.IsTooLong)
        {
            return new ScriptOutput(text.Text, $"The code printed more than {(text.IsTooLong ? limits.MaxOutputBytes : MaxErrorBytes)} bytes and was stopped.");
        }

        return new ScriptOutput(text.Text, exitCode == 0 ? error.Text : Explain(exitCode, error.Text.Trim()));
    }

    private static string Explain(int exitCode, string error) => (exitCode, error.Length) switch
    {
        (_, > 0) => error,
        (128 + 9 or 128 + 24, _) => "The code was stopped: it used too much memory or processor time.",
        (128 + 11, _) => "The code crashed the Python interpreter (segmentation fault).",
        _ => $"The code ended Python with exit code {exitCode}.",
    };

    private async Task<Process> StartAsync(ProcessStartInfo start)
    {
        try
        {
            return await starter.StartAsync(start);
        }
        catch (Win32Exception failure)
        {
            throw new SandboxUnavailableException($"The Python sandbox could not be started ({failure.Message}), so the code was not run.", failure);
        }
    }

    private static SandboxUnavailableException Refused(string reason) => new(
        $"This system does not let bubblewrap make a jail for Python ({reason}), so the code was not run. Allow user namespaces "
        + "(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; in a container, a seccomp profile "
        + "that permits them), or start the sandbox service (docker compose up -d sandbox) and set CODE_EXECUTION_ENDPOINT and CODE_EXECUTION_API_KEY.");

    private static async Task WriteAsync(Process process, string script)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Lenient.GetBytes(script));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The jail ended before it had read everything; its exit code tells why.
        }
    }

    private static async Task<Output> ReadAsync(Stream stream, int limit, Process process)
    {
        var buffer = new byte[16 * 1024];
        using var kept = new MemoryStream();
        while (await stream.ReadAsync(buffer) is var read and > 0)
        {
            if (kept.Length + read > limit)
            {
                Kill(process);
                return new Output(Lenient.GetString(kept.GetBuffer(), 0, (int)kept.Length), true);
            }

            kept.Write(buffer, 0, read);
        }

        return new Output(Lenient.GetString(kept.GetBuffer(), 0, (int)kept.Length), false);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, in part or as a whole.
            _ = failure;
        }
    }

    private sealed record Output(string Text, bool IsTooLong);
}
