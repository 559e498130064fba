namespace Dify.Core.Workflows.Engine.Events;

/// <summary>Something that happened in a run. Names and meaning are those of Dify's own engine.</summary>
public abstract record GraphEvent
{
    /// <summary>It happened in an earlier life of the run, and is told again.</summary>
    public bool IsReplayed { get; init; }
}
