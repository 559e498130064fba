using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>A further item begins.</summary>
public sealed record NodeRunIterationNext : NodeEvent
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    /// <summary>What the item before gave.</summary>
    public JsonNode? PreviousOutput { get; init; }
}
