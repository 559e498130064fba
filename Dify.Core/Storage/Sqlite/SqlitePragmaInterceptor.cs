using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Dify.Core.Storage.Sqlite;

/// <summary>
/// WAL lets readers go on beside the one writer; <c>synchronous=NORMAL</c> is durable against a killed process
/// (not against power loss of the last transactions); the busy time-out lets writers wait for each other. Settings
/// belong to the real connection below the pool, so each of those is told once.
/// </summary>
internal sealed class SqlitePragmaInterceptor : DbConnectionInterceptor
{
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=15000; "
        + "PRAGMA temp_store=MEMORY;";

    private readonly ConditionalWeakTable<sqlite3, object> _told = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Tell(connection);

    /// <summary>SQLite has nothing to wait for here, so the asynchronous way is the same.</summary>
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Tell(connection);
        return Task.CompletedTask;
    }

    private void Tell(DbConnection connection)
    {
        var real = ((SqliteConnection)connection).Handle!;
        if (_told.TryGetValue(real, out _))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
        _told.AddOrUpdate(real, this);
    }
}
