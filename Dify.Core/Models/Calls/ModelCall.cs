namespace Dify.Core.Models.Calls;

/// <summary>One call to a model, as it is billed and looked up.</summary>
public sealed class ModelCall
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }

    public ModelType Type { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public int PromptTokens { get; init; }

    public int CompletionTokens { get; init; }

    public decimal Price { get; init; }

    public required string Currency { get; init; }

    /// <summary>Milliseconds until the answer was complete, failed or was stopped.</summary>
    public double LatencyMs { get; init; }

    /// <summary>Milliseconds to the first piece; null when none came or the call was not streamed.</summary>
    public double? FirstTokenMs { get; init; }

    public ModelCallOutcome Outcome { get; init; }

    /// <summary>Code of the error, when it failed.</summary>
    public string? ErrorCode { get; init; }
}

public enum ModelCallOutcome
{
    Succeeded,
    Failed,

    /// <summary>The caller stopped it or went away.</summary>
    Stopped,
}
