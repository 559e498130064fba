using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>
/// How processes that share a PostgreSQL store learn that another one wrote to an index: each write counts a number up on
/// the row of the knowledge base, after the segments are stored. On SQLite there is one process and nothing is counted.
/// </summary>
internal sealed class IndexRevisions(IDbContextFactory<DifyDbContext> contexts, IOptions<StorageOptions> storage)
{
    /// <summary>Whether other processes may write to the store.</summary>
    public bool Shared => storage.Value.Kind == DatabaseKind.PostgreSql;

    /// <summary>0 where nothing is counted, or where the knowledge base is gone.</summary>
    public async Task<long> ReadAsync(Guid knowledgeBaseId, CancellationToken cancellationToken)
    {
        if (!Shared)
        {
            return 0;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.KnowledgeBases.Where(k => k.Id == knowledgeBaseId).Select(k => k.IndexRevision).FirstOrDefaultAsync(cancellationToken);
    }

    public async Task CountUpAsync(Guid knowledgeBaseId, CancellationToken cancellationToken)
    {
        if (!Shared)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.KnowledgeBases.Where(k => k.Id == knowledgeBaseId)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.IndexRevision, k => k.IndexRevision + 1), cancellationToken);
    }
}
