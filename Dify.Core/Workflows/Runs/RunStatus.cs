namespace Dify.Core.Workflows.Runs;

/// <summary>How a run stands; <see cref="RunStatuses"/> has Dify's names.</summary>
public enum RunStatus
{
    Running,
    Succeeded,
    Failed,
    Stopped,
    PartialSucceeded,
    Paused,
}
