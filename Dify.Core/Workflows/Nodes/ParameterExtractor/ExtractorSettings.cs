using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Prompts;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.ParameterExtractor;

/// <summary>The data of a parameter-extractor node in the form that a run needs.</summary>
internal sealed class ExtractorSettings
{
    public required PromptModel Model { get; init; }

    public string[] QuerySelector { get; private init; } = [];

    public IReadOnlyList<ExtractedParameter> Parameters { get; private init; } = [];

    /// <summary>The list as it stands in the node, for the log.</summary>
    public JsonArray RawParameters { get; private init; } = [];

    public required ReferenceTemplate Instruction { get; init; }

    /// <summary>Function calls, where the model has them; else the answer is written as JSON.</summary>
    public bool PrefersFunctionCall { get; private init; }

    public PromptMemory? Memory { get; private init; }

    public PromptVision Vision { get; private init; } = PromptVision.Off;

    public static ExtractorSettings Read(NodeDefinition node)
    {
        var parameters = NodeData.List(node.Data, "parameters") ?? [];
        return new ExtractorSettings
        {
            Model = PromptModel.Read(node.Data),
            QuerySelector = NodeData.Selector(node.Data, "query"),
            Parameters = [.. parameters.OfType<JsonObject>().Select(ExtractedParameter.Read).Where(one => one.Name.Length > 0)],
            RawParameters = parameters,
            Instruction = ReferenceTemplate.Parse(NodeData.Text(node.Data, "instruction") ?? ""),
            PrefersFunctionCall = NodeData.Text(node.Data, "reasoning_mode") is null or "" or "function_call",
            Memory = PromptMemory.Read(node.Data),
            Vision = PromptVision.Read(node.Data),
        };
    }

    /// <summary>The schema of all parameters together.</summary>
    public JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(Parameters.DistinctBy(one => one.Name)
            .Select(one => new KeyValuePair<string, JsonNode?>(one.Name, one.Schema()))),
        ["required"] = new JsonArray([.. Parameters.Where(one => one.IsRequired).Select(one => (JsonNode)one.Name)]),
    };
}
