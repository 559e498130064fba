namespace Dify.Core.Knowledge;

/// <summary>A knowledge base with its counters.</summary>
/// <param name="DocumentCount">All documents.</param>
/// <param name="AvailableDocumentCount">Documents that are completed, enabled and not archived.</param>
/// <param name="WordCount">Characters over all documents.</param>
/// <param name="PartialMembers">Accounts that a base with <see cref="KnowledgePermission.PartialMembers"/> is shared with.</param>
public sealed record KnowledgeSummary(
    KnowledgeBase KnowledgeBase, int DocumentCount, int AvailableDocumentCount, long WordCount,
    IReadOnlyList<Guid> PartialMembers);
