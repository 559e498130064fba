namespace Dify.Core.Workflows.Engine.Events;

public sealed record GraphRunStarted : GraphEvent
{
    /// <summary>The run goes on after a pause or a crash.</summary>
    public bool IsResumption { get; init; }
}
