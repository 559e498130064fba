using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>Passages that a node found, in the order of their rank.</summary>
public sealed record NodeRunRetrieverResource : NodeEvent
{
    /// <summary>Objects of the knowledge-retrieval node's <c>result</c>.</summary>
    public required IReadOnlyList<JsonObject> Resources { get; init; }
}
