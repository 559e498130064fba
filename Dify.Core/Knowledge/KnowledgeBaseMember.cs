namespace Dify.Core.Knowledge;

/// <summary>An account that a base with <see cref="KnowledgePermission.PartialMembers"/> is shared with.</summary>
public sealed class KnowledgeBaseMember
{
    public Guid WorkspaceId { get; init; }

    public Guid KnowledgeBaseId { get; init; }

    public Guid AccountId { get; init; }
}
