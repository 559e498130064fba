namespace Dify.Core.Workflows.Drafts;

/// <summary>Something that is wrong, or looks wrong, in a graph.</summary>
/// <param name="NodeId">Null when it concerns the graph as a whole.</param>
/// <param name="Code">A fixed word for texts in other languages, such as <c>unreachable_node</c>.</param>
/// <param name="Message">Tells a person, in English, what to do.</param>
/// <param name="IsError">Errors keep a draft from being published; the rest are warnings.</param>
public sealed record GraphIssue(string? NodeId, string Code, string Message, bool IsError)
{
    /// <summary>What the message speaks of, for texts in other languages.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
