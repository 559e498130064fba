using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Runs;

/// <summary>Dify's spelling of statuses.</summary>
public static class RunStatuses
{
    public static string ToWire(this RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Failed => "failed",
        RunStatus.Stopped => "stopped",
        RunStatus.PartialSucceeded => "partial-succeeded",
        RunStatus.Paused => "paused",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string ToWire(this NodeStatus status) => status switch
    {
        NodeStatus.Succeeded => "succeeded",
        NodeStatus.Failed => "failed",
        NodeStatus.Exception => "exception",
        NodeStatus.Stopped => "stopped",
        NodeStatus.Paused => "paused",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
