using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Prompts;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.QuestionClassifier;

/// <summary>The data of a question-classifier node in the form that a run needs.</summary>
internal sealed class ClassifierSettings
{
    public required PromptModel Model { get; init; }

    public string[] QuerySelector { get; private init; } = [];

    public IReadOnlyList<QuestionClass> Classes { get; private init; } = [];

    /// <summary>What the editor of old versions saved as <c>instructions</c> was never read.</summary>
    public required ReferenceTemplate Instruction { get; init; }

    public PromptMemory? Memory { get; private init; }

    public PromptVision Vision { get; private init; } = PromptVision.Off;

    public static ClassifierSettings Read(NodeDefinition node) => new()
    {
        Model = PromptModel.Read(node.Data),
        QuerySelector = NodeData.Selector(node.Data, "query_variable_selector"),
        Classes = [.. (NodeData.List(node.Data, "classes")?.OfType<JsonObject>() ?? []).Select(QuestionClass.Read)],
        Instruction = ReferenceTemplate.Parse(NodeData.Text(node.Data, "instruction") ?? ""),
        Memory = PromptMemory.Read(node.Data),
        Vision = PromptVision.Read(node.Data),
    };
}

/// <summary>One class of questions.</summary>
/// <param name="Id">Also the handle of its branch.</param>
/// <param name="Name">What the model reads; may hold references.</param>
/// <param name="Label">The heading on the canvas.</param>
internal sealed record QuestionClass(string Id, ReferenceTemplate Name, string Label)
{
    public static QuestionClass Read(JsonObject data, int index) => new(
        NodeData.Text(data, "id") ?? data["id"]?.ToString() ?? "",
        ReferenceTemplate.Parse(NodeData.Text(data, "name") ?? ""),
        NodeData.Text(data, "label") is { Length: > 0 } label ? label : $"CLASS {index + 1}");
}
