namespace Dify.Core.Workflows.Forms;

/// <summary>A form that a paused run waits for. The first answer closes it for everyone.</summary>
public sealed class HumanInputForm
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid AppId { get; init; }

    public Guid RunId { get; init; }

    public required string NodeId { get; init; }

    public string NodeTitle { get; init; } = "";

    /// <summary>Where in the run (see the journal's path), so that each round of an iteration has a form of its own.</summary>
    public string Path { get; init; } = "";

    /// <summary>Unguessable; who has it may answer.</summary>
    public required string Token { get; init; }

    /// <summary>A JSON object: content, inputs, actions, resolved defaults, delivery.</summary>
    public required string Definition { get; init; }

    public HumanInputFormStatus Status { get; set; } = HumanInputFormStatus.Waiting;

    /// <summary>The action that was chosen.</summary>
    public string? ActionId { get; set; }

    /// <summary>A JSON object: what was filled in.</summary>
    public string? Submission { get; set; }

    /// <summary>End user or member, as text.</summary>
    public string? SubmittedBy { get; set; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; set; }
}
