namespace Dify.Core.Workspaces;

/// <summary>An account's place in a workspace. The role is read here for every call, never from a token.</summary>
public sealed class Member
{
    public Guid WorkspaceId { get; init; }

    public Guid AccountId { get; init; }

    public Role Role { get; set; }

    public DateTimeOffset JoinedAt { get; init; }
}
