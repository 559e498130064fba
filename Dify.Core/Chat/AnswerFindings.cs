using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Chat;

/// <summary>What the nodes of one answer report beside text: cost and passages.</summary>
internal sealed class AnswerFindings
{
    private readonly List<Citation> _citations = [];

    public ModelUsage Usage { get; private set; } = ModelUsage.None;

    public IReadOnlyList<Citation> Citations => _citations;

    public void Add(NodeResult result)
    {
        if (result.Outputs["usage"] is JsonObject usage
            && usage.Deserialize<ModelUsage>(JsonDefaults.Wire) is { } one)
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
                    metadata["score"]?.GetValue<double>() ?? 0, Number(metadata, "segment_hit_count"),
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

    private static int Number(JsonObject source, string name) =>
        source[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
}
