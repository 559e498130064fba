using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Knowledge;

/// <summary>
/// Who reaches which knowledge base: its own access level decides for every role; settings need an editor, or the one
/// who made the base.
/// </summary>
internal static class KnowledgeAccess
{
    /// <summary>
    /// The bases of the workspace that the actor may see and whose content the actor may change. What somebody left
    /// behind who is no member any more falls to the owner.
    /// </summary>
    public static IQueryable<KnowledgeBase> Visible(this DifyDbContext db, Actor actor)
    {
        var members = db.KnowledgeBaseMembers;
        var workspaceMembers = db.Members;
        var isOwner = actor.Role == Role.Owner;
        return db.KnowledgeBases.AsNoTracking().Where(k => k.WorkspaceId == actor.WorkspaceId
            && (k.Permission == KnowledgePermission.AllTeamMembers
                || k.CreatedBy == actor.AccountId
                || (k.Permission == KnowledgePermission.PartialMembers
                    && members.Any(m => m.KnowledgeBaseId == k.Id && m.AccountId == actor.AccountId))
                || (isOwner && !workspaceMembers.Any(m => m.WorkspaceId == k.WorkspaceId && m.AccountId == k.CreatedBy))));
    }

    /// <exception cref="DifyException">403 for a role without any access; 404 for what the actor may not see.</exception>
    public static async Task<KnowledgeBase> GetVisibleAsync(
        this DifyDbContext db, Actor actor, Guid knowledgeBaseId, CancellationToken cancellationToken)
    {
        actor.Require(Permission.UseKnowledgeBases);
        return await db.Visible(actor).FirstOrDefaultAsync(k => k.Id == knowledgeBaseId, cancellationToken)
            ?? throw DifyException.NotFound("Dataset not found.");
    }

    /// <summary>A document of a base that the actor may see.</summary>
    public static async Task<(KnowledgeBase KnowledgeBase, Document Document)> GetVisibleAsync(
        this DifyDbContext db, Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken)
    {
        var knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        var document = await db.Documents.AsNoTracking()
            .FirstOrDefaultAsync(d => d.Id == documentId && d.KnowledgeBaseId == knowledge.Id, cancellationToken)
            ?? throw DifyException.NotFound("Document not found.");
        return (knowledge, document);
    }

    public static void RequireSettings(this KnowledgeBase knowledge, Actor actor)
    {
        if (!(knowledge.CreatedBy == actor.AccountId && actor.Can(Permission.CreateKnowledgeBases)))
        {
            actor.Require(Permission.EditKnowledgeSettings);
        }
    }
}
