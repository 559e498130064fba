using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>A further round begins.</summary>
public sealed record NodeRunLoopNext : NodeEvent
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    /// <summary>What the round before gave.</summary>
    public JsonNode? PreviousOutput { get; init; }
}
