namespace Dify.Core.Workflows.Runs;

/// <summary>What a run is of; <c>triggered_from</c>.</summary>
public enum RunTrigger
{
    /// <summary>The published app, by its page or its API.</summary>
    App,

    /// <summary>A draft that somebody tries out; Dify's <c>debugging</c>.</summary>
    Draft,

    /// <summary>One node of a draft.</summary>
    SingleNode,
}
