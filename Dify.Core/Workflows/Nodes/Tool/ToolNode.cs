using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Tools;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;

namespace Dify.Core.Workflows.Nodes.Tool;

/// <summary>Calls a tool by name.</summary>
internal sealed class ToolNode(ToolCatalog tools, ProducedFiles files) : INode
{
    private const string TextOutput = "text";

    /// <summary>What a tool says beyond this is cut off by failing: no node can use it.</summary>
    private const int MostCharacters = 4_000_000;

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(ToolSettings.Read);
        var (tool, arguments) = await PrepareAsync(settings, run, stop);
        var call = new ToolCall(run.Context.WorkspaceId, run.Context.UserId, arguments.Values);

        var text = new StringBuilder();
        var made = new JsonArray();
        var objects = new JsonArray();
        var variables = new JsonObject();
        await using var messages = tool.InvokeAsync(call, stop).GetAsyncEnumerator(stop);
        while (await MoveNextAsync(messages, settings, arguments))
        {
            switch (messages.Current)
            {
                case ToolText piece:
                    text.Append(piece.Text);
                    yield return NodeOutput.Piece(TextOutput, piece.Text);
                    break;
                case ToolLink link:
                    var line = $"Link: {link.Address}\n";
                    text.Append(line);
                    yield return NodeOutput.Piece(TextOutput, line);
                    break;
                case ToolJson json:
                    objects.Add(json.Value?.DeepClone());
                    break;
                case ToolFile file:
                    made.Add(await SaveAsync(run, file, settings, arguments, stop));
                    break;
                case ToolVariable { IsPiece: true } piece:
                    var more = piece.Value?.ToString() ?? "";
                    variables[piece.Name] = variables[piece.Name]?.ToString() + more;
                    yield return NodeOutput.Piece(piece.Name, more);
                    break;
                case ToolVariable variable:
                    variables[variable.Name] = variable.Value?.DeepClone();
                    break;
            }

            if (text.Length > MostCharacters)
            {
                throw Fail("Failed to invoke tool: ", ToolException.Failed($"the tool gives more than {MostCharacters} characters."), settings, arguments.Logged);
            }
        }

        yield return NodeOutput.Piece(TextOutput, "", isFinal: true);
        yield return NodeOutput.End(Result(settings, arguments, text.ToString(), made, objects, variables));
    }

    private async ValueTask<(ITool Tool, ToolArguments Arguments)> PrepareAsync(ToolSettings settings, NodeRun run, CancellationToken stop)
    {
        ITool tool;
        try
        {
            tool = await tools.GetAsync(run.Context.WorkspaceId, settings.Reference, stop);
        }
        catch (DifyException problem)
        {
            throw Fail("Failed to get tool runtime: ", problem, settings, []);
        }

        try
        {
            return (tool, ToolArguments.Resolve(settings, tool.Description, run.Variables));
        }
        catch (ToolException problem)
        {
            throw Fail("", problem, settings, []);
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ToolMessage> messages, ToolSettings settings, ToolArguments arguments)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (DifyException problem)
        {
            throw Fail("Failed to invoke tool: ", problem, settings, arguments.Logged);
        }
    }

    private async ValueTask<JsonObject> SaveAsync(
        NodeRun run, ToolFile file, ToolSettings settings, ToolArguments arguments, CancellationToken stop)
    {
        try
        {
            return await files.SaveAsync(run.Context, file.Name, file.MimeType, file.Content, stop);
        }
        catch (DifyException problem)
        {
            throw Fail("Failed to invoke tool: ", problem, settings, arguments.Logged);
        }
    }

    private static NodeFailedException Fail(string before, DifyException problem, ToolSettings settings, JsonObject inputs) => new(
        before + problem.Message, (problem as ToolException)?.ErrorType ?? "ToolInvokeError", problem.Code, problem)
    {
        Inputs = (JsonObject)inputs.DeepClone(),
        ProcessData = new JsonObject { ["tool_info"] = settings.Info.DeepClone() },
    };

    private static NodeResult Result(
        ToolSettings settings, ToolArguments arguments, string text, JsonArray made, JsonArray objects, JsonObject variables)
    {
        if (objects.Count == 0)
        {
            objects.Add(new JsonObject { ["data"] = new JsonArray() });
        }

        var outputs = new JsonObject { [TextOutput] = text, ["files"] = made, ["json"] = objects };
        foreach (var (name, value) in variables.ToList())
        {
            variables.Remove(name);
            outputs[name] = value;
        }

        return new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = arguments.Logged,
            Outputs = outputs,
            Metadata = new JsonObject { ["tool_info"] = settings.Info.DeepClone() },
        };
    }
}
