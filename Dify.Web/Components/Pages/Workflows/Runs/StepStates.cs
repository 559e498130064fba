using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Runs;
using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>Words and signs of states.</summary>
internal static class StepStates
{
    /// <param name="status">Dify's word.</param>
    public static StepState Parse(string? status) => status switch
    {
        "running" => StepState.Running,
        "paused" => StepState.Paused,
        "succeeded" => StepState.Succeeded,
        "partial-succeeded" => StepState.PartialSucceeded,
        "exception" => StepState.Exception,
        "failed" => StepState.Failed,
        "stopped" => StepState.Stopped,
        _ => StepState.Pending,
    };

    public static StepState Of(RunStatus status) => Parse(status.ToWire());

    /// <summary>A stored step that has no end belongs to a run that goes on, or broke off.</summary>
    public static StepState Of(NodeExecution step, StepState run) => step.FinishedAt is null
        ? run is StepState.Running or StepState.Paused ? run : StepState.Stopped
        : Parse(step.Status.ToWire());

    public static bool IsEnd(this StepState state) => state is not (StepState.Pending or StepState.Running or StepState.Paused);

    /// <summary>The kind of <see cref="Shared.StatusDot"/>.</summary>
    public static string Dot(this StepState state) => state switch
    {
        StepState.Running => "busy",
        StepState.Succeeded => "good",
        StepState.Paused or StepState.PartialSucceeded or StepState.Exception => "warning",
        StepState.Failed => "bad",
        _ => "off",
    };

    public static string Icon(this StepState state) => state switch
    {
        StepState.Succeeded => Icons.Material.Filled.CheckCircle,
        StepState.PartialSucceeded or StepState.Exception => Icons.Material.Filled.Warning,
        StepState.Failed => Icons.Material.Filled.Error,
        StepState.Paused => Icons.Material.Filled.PauseCircle,
        StepState.Stopped => Icons.Material.Filled.StopCircle,
        StepState.Skipped => Icons.Material.Outlined.RemoveCircleOutline,
        _ => Icons.Material.Outlined.Circle,
    };
}
