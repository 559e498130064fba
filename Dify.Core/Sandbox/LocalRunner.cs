using Dify.Core.Sandbox.Jail;
using Dify.Core.Sandbox.JavaScript;
using Microsoft.Extensions.Options;

namespace Dify.Core.Sandbox;

/// <summary>Runs scripts on this machine, a limited number at a time.</summary>
internal sealed class LocalRunner(JintRunner javaScript, JailRunner jail, IOptions<SandboxOptions> options) : IScriptRunner, IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.MaxRuns);

    public async ValueTask<ScriptOutput> RunAsync(CodeLanguage language, string script, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await (language == CodeLanguage.JavaScript
                ? javaScript.RunAsync(script, cancellationToken)
                : jail.RunAsync(script, cancellationToken));
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
