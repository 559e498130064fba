using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The node waits for something outside of the run; what does not depend on it goes on.</summary>
public sealed record NodeRunPauseRequested : NodeEvent
{
    public required JsonObject Reason { get; init; }
}
