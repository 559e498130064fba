namespace Dify.Core.Workflows.Runs;

/// <summary>One run of an app's graph, as the log keeps it. JSON columns hold at most 200 KB a variable.</summary>
public sealed class WorkflowRun
{
    /// <summary>The id of the run, which is also its <c>task_id</c>.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid AppId { get; init; }

    /// <summary><c>service-api</c>, <c>web-app</c> or <c>debugger</c>.</summary>
    public required string InvokeFrom { get; init; }

    /// <summary>End user or member.</summary>
    public required string UserId { get; init; }

    /// <summary>The version that runs; null for basic apps, whose graph is compiled from their configuration.</summary>
    public Guid? VersionId { get; init; }

    /// <summary>What the run is of.</summary>
    public RunTrigger Trigger { get; init; } = RunTrigger.App;

    /// <summary>
    /// The variables that the run began with, a JSON object <c>{inputs, system, conversation}</c>; with the version and
    /// the finished nodes it is all that going on after a crash or a pause needs. Empty for basic apps.
    /// </summary>
    public string Beginning { get; init; } = "{}";

    /// <summary>Last sign of life of the process that runs it; a silent run is taken over by another.</summary>
    public DateTimeOffset AliveAt { get; set; }

    /// <summary>
    /// 1 for the first life of the run, one more for each time that it was taken over or resumed. What an older life
    /// still wants to store is refused.
    /// </summary>
    public int Life { get; set; } = 1;

    /// <summary>How often it was taken over since a node finished last; a run that ends the program each time is given up.</summary>
    public int Stalls { get; set; }

    public RunStatus Status { get; set; } = RunStatus.Running;

    /// <summary>A JSON object.</summary>
    public string Inputs { get; set; } = "{}";

    /// <summary>A JSON object.</summary>
    public string Outputs { get; set; } = "{}";

    public string? Error { get; set; }

    public string? ErrorCode { get; set; }

    /// <summary>A JSON array of what a paused run waits for, as <c>workflow_paused</c> tells; null: it was never paused.</summary>
    public string? PauseReasons { get; set; }

    public double ElapsedSeconds { get; set; }

    public int TotalTokens { get; set; }

    /// <summary>Nodes that were started.</summary>
    public int TotalSteps { get; set; }

    public int ExceptionsCount { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The run as it is at this moment; the run itself may go on changing.</summary>
    internal WorkflowRun Copy() => (WorkflowRun)MemberwiseClone();
}
