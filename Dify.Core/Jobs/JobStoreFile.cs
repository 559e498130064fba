using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Dify.Core.Jobs;

/// <summary>Where queued jobs are kept: a SQLite file of their own, or the PostgreSQL database of the program.</summary>
public sealed class JobStoreFile(DataFolder folder, IOptions<StorageOptions> storage)
{
    internal bool IsPostgres => storage.Value.Kind == DatabaseKind.PostgreSql;

    internal string ConnectionString => IsPostgres
        ? storage.Value.ConnectionString!
        : $"Data Source={folder.PathOf("jobs.db")};Cache=Private;Pooling=True";

    /// <summary>Sets the file to WAL, which stays with it: readers and the one writer do not wait on each other.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (IsPostgres)
        {
            return;
        }

        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL;";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
