using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox.JavaScript;
using Dify.Core.Sandbox.Python;

namespace Dify.Core.Sandbox;

/// <summary>
/// Puts the code into a script that calls <c>main</c> and prints what it returned between two marks. The marks are made
/// anew for each run, so what the code prints itself is never taken for the result.
/// </summary>
internal sealed class CodeSandbox(IScriptRunner runner) : ICodeSandbox
{
    public async ValueTask<JsonObject> RunAsync(CodeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var mark = $"<<RESULT:{RandomNumberGenerator.GetHexString(32)}>>";
        var script = request.Language == CodeLanguage.Python3
            ? PythonScript.Of(request.Code, request.Inputs, mark)
            : JavaScriptScript.Of(request.Code, request.Inputs, mark);
        var output = await runner.RunAsync(request.Language, script, cancellationToken);
        var end = output.Text.LastIndexOf(mark, StringComparison.Ordinal);
        var start = end <= 0 ? -1 : output.Text.LastIndexOf(mark, end - 1, StringComparison.Ordinal);
        if (start >= 0)
        {
            return CodeResult.Parse(output.Text.AsMemory(start + mark.Length, end - start - mark.Length));
        }

        throw new CodeFailedException(Explain(request, output.Error));
    }

    private static string Explain(CodeRequest request, string error)
    {
        var own = request.Language == CodeLanguage.JavaScript ? JavaScriptScript.OwnLines(error, request.Code) : error;
        return own.Length > 0 ? own : "The code ended without returning from main.";
    }
}
