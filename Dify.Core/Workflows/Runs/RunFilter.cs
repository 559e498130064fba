namespace Dify.Core.Workflows.Runs;

/// <summary>Which runs a list shows.</summary>
/// <param name="Trigger">Null: all but single nodes.</param>
/// <param name="Page">From 1 to 99,999.</param>
/// <param name="Limit">1 to 100.</param>
public sealed record RunFilter(
    RunTrigger? Trigger = null, RunStatus? Status = null, string? Keyword = null, string? UserId = null,
    DateTimeOffset? Before = null, DateTimeOffset? After = null, int Page = 1, int Limit = 20);
