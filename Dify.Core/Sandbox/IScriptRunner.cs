namespace Dify.Core.Sandbox;

/// <summary>Runs a whole script apart from the program and gives what it printed. Below <see cref="ICodeSandbox"/>.</summary>
public interface IScriptRunner
{
    /// <exception cref="SandboxUnavailableException">There is no safe place to run the script; it was not run.</exception>
    ValueTask<ScriptOutput> RunAsync(CodeLanguage language, string script, CancellationToken cancellationToken);
}
