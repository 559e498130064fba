using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Chat;

/// <summary>What the nodes of one answer report beside text: cost and passages.</summary>
internal sealed class AnswerFindings
{
    private readonly List<Citation> _citations = [];

    public ModelUsage Usage { get; private set; } = ModelUsage.None;

    public IReadOnlyList<Citation> Citations => _citations;

    /// <summary>Only nodes that ask a model report a cost: outputs of others may have any name and shape.</summary>
    public void Add(NodeRunSucceeded node)
    {
        var output = node.NodeType switch
        {
            NodeTypes.Llm or NodeTypes.QuestionClassifier => "usage",
            NodeTypes.ParameterExtractor => "__usage",
            _ => null,
        };
        if (output is not null && node.Result.Outputs[output].Deserialize<ModelUsage>(JsonDefaults.Wire) is { } one)
        {
            Usage = Usage.TotalTokens == 0 ? one : Sum(Usage, one);
        }
    }

    /// <summary>Passages in the shape of the knowledge-retrieval node's <c>result</c>.</summary>
    public void Add(IReadOnlyList<JsonObject> resources)
    {
        foreach (var resource in resources)
        {
            if (resource["metadata"] is JsonObject metadata && Id(metadata, "segment_id") is var segment
                && _citations.TrueForAll(c => c.SegmentId != segment))
            {
                _citations.Add(new Citation(
                    _citations.Count + 1, Id(metadata, "dataset_id"), Text(metadata, "dataset_name"),
                    Id(metadata, "document_id"), Text(metadata, "document_name"), Text(metadata, "data_source_type"), segment,
                    Score(metadata), Number(metadata, "segment_hit_count"),
                    Number(metadata, "segment_word_count"), Number(metadata, "segment_position"), Text(resource, "content")));
            }
        }
    }

    private static ModelUsage Sum(ModelUsage a, ModelUsage b) => a with
    {
        PromptTokens = a.PromptTokens + b.PromptTokens,
        PromptPrice = a.PromptPrice + b.PromptPrice,
        CompletionTokens = a.CompletionTokens + b.CompletionTokens,
        CompletionPrice = a.CompletionPrice + b.CompletionPrice,
        TotalTokens = a.TotalTokens + b.TotalTokens,
        TotalPrice = a.TotalPrice + b.TotalPrice,
        Latency = a.Latency + b.Latency,
    };

    private static Guid Id(JsonObject source, string name) => Guid.TryParse(Text(source, name), out var id) ? id : Guid.Empty;

    private static string Text(JsonObject source, string name) =>
        source[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : source[name]?.ToString() ?? "";

    private static double Score(JsonObject source) =>
        source["score"] is JsonValue value && value.TryGetValue<double>(out var score) ? score : 0;

    private static int Number(JsonObject source, string name) =>
        source[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
}
