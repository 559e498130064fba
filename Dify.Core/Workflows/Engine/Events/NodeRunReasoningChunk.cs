namespace Dify.Core.Workflows.Engine.Events;

/// <summary>A piece of what the model thinks before it answers.</summary>
public sealed record NodeRunReasoningChunk : NodeEvent
{
    public required string Chunk { get; init; }

    public bool IsFinal { get; init; }
}
