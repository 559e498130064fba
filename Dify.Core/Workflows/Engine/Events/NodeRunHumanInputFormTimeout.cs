namespace Dify.Core.Workflows.Engine.Events;

/// <summary>Nobody answered the form in time.</summary>
public sealed record NodeRunHumanInputFormTimeout : NodeEvent
{
    public required DateTimeOffset ExpirationTime { get; init; }
}
