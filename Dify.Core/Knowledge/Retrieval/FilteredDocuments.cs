using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>Tells which documents a metadata filter lets through.</summary>
public sealed class FilteredDocuments(IDbContextFactory<DifyDbContext> contexts, WorkspaceAccess workspaces)
{
    private const string FileUpload = "file_upload";

    internal async Task<HashSet<Guid>> FindAsync(
        IReadOnlyList<Guid> knowledgeBaseIds, MetadataFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var documents = await db.Documents.AsNoTracking().Where(d => knowledgeBaseIds.Contains(d.KnowledgeBaseId))
            .Select(d => new { d.Id, d.Name, d.CreatedBy, d.CreatedAt, d.UpdatedAt }).ToListAsync(cancellationToken);
        IReadOnlyDictionary<Guid, string> names = filter.Conditions.Any(condition => condition.Name == "uploader")
            ? await workspaces.GetNamesAsync([.. documents.Select(d => d.CreatedBy).Distinct()], cancellationToken)
            : new Dictionary<Guid, string>();
        return [.. documents
            .Where(d => filter.Matches(field => field switch
            {
                "document_name" => d.Name,
                "uploader" => names.GetValueOrDefault(d.CreatedBy),
                "upload_date" => Seconds(d.CreatedAt),
                "last_update_date" => Seconds(d.UpdatedAt),
                "source" => FileUpload,
                _ => null,
            }))
            .Select(d => d.Id)];
    }

    private static object Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
