using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Dify.Core.Sandbox.Jail;
using Dify.Core.Sandbox.JavaScript;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Sandbox;

/// <summary>Sandboxes of this machine, and whether it has what they need.</summary>
internal static class TestSandbox
{
    public static IScriptRunner Runner(Action<SandboxOptions>? change = null)
    {
        var settings = new SandboxOptions();
        change?.Invoke(settings);
        var options = Options.Create(settings);
        return new LocalRunner(new JintRunner(options), new JailRunner(new JailStarter(), options, TimeProvider.System), options);
    }

    public static ICodeSandbox Create(Action<SandboxOptions>? change = null) => new CodeSandbox(Runner(change));

    /// <summary>Skips the test where Python cannot be jailed, and prints why.</summary>
    public static async Task RequirePythonAsync()
    {
        try
        {
            await Runner().RunAsync(CodeLanguage.Python3, "", TestContext.Current.CancellationToken);
        }
        catch (SandboxUnavailableException missing)
        {
            Assert.Skip(missing.Message);
        }
    }

    public static async Task<JsonObject> PythonAsync(string code, JsonObject? inputs = null, Action<SandboxOptions>? change = null) =>
        await Create(change).RunAsync(new CodeRequest(CodeLanguage.Python3, code, inputs ?? []), TestContext.Current.CancellationToken);

    public static async Task<JsonObject> JavaScriptAsync(string code, JsonObject? inputs = null, Action<SandboxOptions>? change = null) =>
        await Create(change).RunAsync(new CodeRequest(CodeLanguage.JavaScript, code, inputs ?? []), TestContext.Current.CancellationToken);

    /// <summary>The message that code fails with.</summary>
    public static async Task<string> FailureAsync(Func<Task<JsonObject>> run) => (await Assert.ThrowsAsync<CodeFailedException>(run)).Message;
}
