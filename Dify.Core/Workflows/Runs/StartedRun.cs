namespace Dify.Core.Workflows.Runs;

/// <summary>A run that is stored and on its way.</summary>
/// <param name="Id">The run and its <c>task_id</c>; its events are watched by <see cref="Realtime.IRunEventLog"/>.</param>
/// <param name="Completion">Ends with the stored outcome (or pause); faults only when the store fails.</param>
public sealed record StartedRun(Guid Id, Guid VersionId, DateTimeOffset CreatedAt, Task<WorkflowRun> Completion);
