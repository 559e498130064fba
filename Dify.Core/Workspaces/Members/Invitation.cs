namespace Dify.Core.Workspaces.Members;

/// <summary>
/// An open place in a workspace for the holder of a link. At most one a workspace and address; inviting again makes a
/// fresh link and voids the old one.
/// </summary>
public sealed class Invitation
{
    public Guid Id { get; init; }

    public Guid WorkspaceId { get; init; }

    /// <summary>As typed by the inviter.</summary>
    public required string Email { get; set; }

    public required string NormalizedEmail { get; init; }

    public Role Role { get; set; }

    public Guid InvitedBy { get; set; }

    /// <summary>Only the hash is stored; the link is shown once when it is made.</summary>
    public required string TokenHash { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }
}
