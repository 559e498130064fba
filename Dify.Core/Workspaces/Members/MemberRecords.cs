namespace Dify.Core.Workspaces.Members;

/// <summary>A row of the members table.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Name">Display name.</param>
/// <param name="Email">Address that signs in.</param>
/// <param name="Role">Role in this workspace.</param>
/// <param name="LastActiveAt">Last sign-in, null before the first.</param>
/// <param name="JoinedAt">When the invitation was accepted.</param>
public sealed record MemberView(
    Guid AccountId, string Name, string Email, Role Role, DateTimeOffset? LastActiveAt, DateTimeOffset JoinedAt);

/// <summary>An invitation that nobody has accepted yet.</summary>
public sealed record PendingInvitation(
    Guid Id, string Email, Role Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool IsExpired);

/// <summary>What became of one address of an invitation.</summary>
/// <param name="Email">As typed.</param>
/// <param name="Url">The link to hand over; null when <paramref name="ErrorCode"/> is set.</param>
/// <param name="ErrorCode">Why this address was not invited, else null.</param>
/// <param name="Mailed">Whether a mail with the link is on its way.</param>
public sealed record InvitationResult(string Email, string? Url, string? ErrorCode, bool Mailed);

public enum InvitationState
{
    Open,
    Expired,

    /// <summary>Accepted, revoked, replaced by a newer link, or never made.</summary>
    Unknown,
}

/// <summary>What the holder of a link sees. All is empty unless the link is or was real.</summary>
/// <param name="State">Whether it can be accepted.</param>
/// <param name="Email">The invited address.</param>
/// <param name="HasAccount">Whether that address signs in with an account that exists.</param>
public sealed record InvitationView(
    InvitationState State, string Email = "", Guid WorkspaceId = default, string WorkspaceName = "", string InviterName = "",
    Role Role = Role.Normal, bool HasAccount = false);
