using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Dify.Core.Workflows.Engine;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Nodes.Code;

/// <summary>Calls <c>main</c> of a user's Python or JavaScript with variables, and gives the declared outputs.</summary>
internal sealed class CodeNode(ICodeSandbox sandbox, IOptions<CodeLimits> limits) : INode
{
    private readonly OutputCheck _check = new(limits.Value);

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(CodeSettings.Read);
        var inputs = new JsonObject();
        foreach (var input in settings.Inputs)
        {
            inputs[input.Name] = run.Variables.TryGet(input.Selector, out var value) ? value?.DeepClone() : null;
        }

        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = inputs,
            Outputs = await CallAsync(settings, inputs, stop),
        });
    }

    private async Task<JsonObject> CallAsync(CodeSettings settings, JsonObject inputs, CancellationToken stop)
    {
        if (settings.Language is not { } language)
        {
            throw new NodeFailedException($"Unsupported language {settings.LanguageName}: use python3 or javascript.", "CodeExecutionError") { Inputs = inputs };
        }

        try
        {
            return _check.Check(await sandbox.RunAsync(new CodeRequest(language, settings.Code, inputs), stop), settings.Outputs);
        }
        catch (CodeFailedException failure)
        {
            throw new NodeFailedException(failure.Message, "CodeNodeError", failure.Code, failure) { Inputs = inputs };
        }
        catch (SandboxUnavailableException failure)
        {
            throw new NodeFailedException(failure.Message, "CodeExecutionError", failure.Code, failure) { Inputs = inputs };
        }
        catch (NodeFailedException failure)
        {
            throw new NodeFailedException(failure.Message, failure.Type, failure.Code, failure) { Inputs = inputs };
        }
    }
}
