using System.Text.Json.Nodes;

namespace Dify.Core.Sandbox;

/// <summary>Runs code of users where it can harm nobody: no files, no network, limited time, memory and output.</summary>
public interface ICodeSandbox
{
    /// <summary>Calls <c>main</c> and gives the object that it returned.</summary>
    /// <exception cref="CodeFailedException">The code broke, or returned something that is no object.</exception>
    /// <exception cref="SandboxUnavailableException">There is no safe place to run the code; the message says what to start.</exception>
    ValueTask<JsonObject> RunAsync(CodeRequest request, CancellationToken cancellationToken);
}
