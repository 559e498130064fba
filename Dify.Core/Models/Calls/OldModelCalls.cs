using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Models.Calls;

internal sealed class OldModelCalls(IDbContextFactory<DifyDbContext> contexts) : IExpiringRecords
{
    public async Task<int> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ModelCalls.Where(call => call.StartedAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
