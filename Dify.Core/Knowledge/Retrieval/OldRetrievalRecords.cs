using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Knowledge.Retrieval;

internal sealed class OldRetrievalRecords(IDbContextFactory<DifyDbContext> contexts) : IExpiringRecords
{
    public async Task<int> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RetrievalRecords.Where(record => record.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
