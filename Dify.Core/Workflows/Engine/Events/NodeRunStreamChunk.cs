namespace Dify.Core.Workflows.Engine.Events;

/// <summary>A piece of text, released in the order of the answer's template.</summary>
public sealed record NodeRunStreamChunk : NodeEvent
{
    /// <summary>Which variable it is a piece of: node id and output name.</summary>
    public required IReadOnlyList<string> Selector { get; init; }

    public required string Chunk { get; init; }

    /// <summary>True for the last piece of the answer.</summary>
    public bool IsFinal { get; init; }
}
