using System.Text;
using Jint;
using Jint.Native;
using Jint.Runtime;
using Microsoft.Extensions.Options;

namespace Dify.Core.Sandbox.JavaScript;

/// <summary>
/// JavaScript in an interpreter that knows no .NET type, no file, no network and no timer. Each run has an engine of its
/// own, so nothing that a run changes is seen by another.
/// </summary>
internal sealed class JintRunner(IOptions<SandboxOptions> options)
{
    /// <summary>A thread of its own, as the interpreter uses its stack for the stack of the script.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    private const uint LongestArray = 10_000_000;

    public Task<ScriptOutput> RunAsync(string script, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<ScriptOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Complete(completion, script, cancellationToken), StackBytes) { IsBackground = true, Name = "JavaScript" };
        thread.Start();
        return completion.Task;
    }

    private void Complete(TaskCompletionSource<ScriptOutput> completion, string script, CancellationToken cancellationToken)
    {
        try
        {
            completion.SetResult(Run(script, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            completion.SetCanceled(cancellationToken);
        }
        catch (Exception failure)
        {
            // Catches all: run root. Nothing of the interpreter may end the program.
            completion.SetResult(new ScriptOutput("", $"The JavaScript interpreter failed: {failure.Message}"));
        }
    }

    private ScriptOutput Run(string script, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var console = new ScriptConsole(limits.MaxOutputBytes);
        try
        {
            using var engine = new Engine(settings => Limit(settings, limits, cancellationToken));
            console.AddTo(engine);
            engine.Execute(script, "main.js");
            engine.Advanced.ProcessTasks();
            return new ScriptOutput(console.Text, console.Error);
        }
        catch (Exception failure) when (Explain(failure, limits) is { } reason)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ScriptOutput(console.Text, reason);
        }
    }

    private static void Limit(Jint.Options settings, SandboxOptions limits, CancellationToken cancellationToken)
    {
        settings
            .LimitMemory(limits.MemoryMegabytes * 1024L * 1024)
            .TimeoutInterval(TimeSpan.FromSeconds(limits.RunTimeoutSeconds))
            .CancellationToken(cancellationToken)
            .LimitRecursion(limits.MaxRecursion)
            .MaxStatements(limits.MaxStatements);
        settings.Constraints.StackOverflowGuard = true;
        settings.Constraints.RegexTimeout = TimeSpan.FromSeconds(Math.Min(2, limits.RunTimeoutSeconds));
        settings.Constraints.PromiseTimeout = TimeSpan.FromSeconds(limits.RunTimeoutSeconds);
        settings.Constraints.MaxArraySize = LongestArray;
        settings.Json.MaxParseDepth = 512;
        settings.AgentCanSuspend = false;
    }

    private static string? Explain(Exception failure, SandboxOptions limits) => failure switch
    {
        JavaScriptException thrown => Trace(thrown),
        System.Text.RegularExpressions.RegexMatchTimeoutException => "A regular expression took too long and was stopped.",
        Acornima.ParseErrorException wrong => $"SyntaxError: {wrong.Message}",
        TimeoutException => $"The code ran longer than {limits.RunTimeoutSeconds:0.#} seconds and was stopped.",
        MemoryLimitExceededException or OutOfMemoryException => $"The code used more than {limits.MemoryMegabytes} MB of memory and was stopped.",
        RecursionDepthOverflowException or InsufficientExecutionStackException => "RangeError: Maximum call stack size exceeded",
        StatementsCountOverflowException => $"The code ran more than {limits.MaxStatements} statements and was stopped.",
        ExecutionCanceledException => "The code was stopped.",
        ScriptConsole.TooMuchException => $"The code printed more than {limits.MaxOutputBytes} bytes and was stopped.",
        _ => null,
    };

    private static string Trace(JavaScriptException thrown)
    {
        var text = new StringBuilder(thrown.Error.IsObject() ? Name(thrown) : $"Uncaught {thrown.Error}");
        if (thrown.JavaScriptStackTrace is { Length: > 0 } stack)
        {
            text.Append('\n').Append(stack.TrimEnd());
        }

        return text.ToString();
    }

    private static string Name(JavaScriptException thrown)
    {
        var name = thrown.Error.AsObject().Get("name");
        return name.IsString() ? $"{name.AsString()}: {thrown.Message}" : thrown.Message;
    }
}
