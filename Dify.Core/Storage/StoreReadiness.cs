using System.Data.Common;
using Dify.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Storage;

internal sealed class StoreReadiness(IDbContextFactory<DifyDbContext> contexts) : IReadinessCheck
{
    public string Name => "store";

    public async Task<string?> CheckAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Database.CanConnectAsync(cancellationToken) ? null : "The database does not answer.";
        }
        catch (DbException)
        {
            return "The database does not answer.";
        }
    }
}
