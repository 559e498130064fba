using Dify.Core.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Dify.Core.Storage;

/// <summary>Brings the relational store to the schema of this program; forward only.</summary>
public sealed partial class DatabaseMigrator(
    IDbContextFactory<DifyDbContext> contexts, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    /// <summary>How long a PostgreSQL server that is not up yet is waited for.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="CannotStartException">The store was written by a newer version.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        var begin = time.GetTimestamp();
        while (true)
        {
            try
            {
                await MigrateOnceAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException failure) when (IsStillStarting(failure) && time.GetElapsedTime(begin) < Patience)
            {
                LogWaiting(failure.Message);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Nobody listens, or the server says that it is starting, stopping or full; a wrong password is final.</summary>
    internal static bool IsStillStarting(NpgsqlException failure) =>
        failure is PostgresException { SqlState: var state }
            ? state is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections
            : failure.IsTransient;

    private async Task MigrateOnceAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = db.Database.GetMigrations().ToHashSet();
        if ((await db.Database.GetAppliedMigrationsAsync(cancellationToken)).FirstOrDefault(id => !known.Contains(id)) is { } unknown)
        {
            throw new CannotStartException(
                $"The database was written by a newer version of Dify (it knows {unknown}). Start that version, or restore a backup of this one.");
        }

        await db.Database.MigrateAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for PostgreSQL: {Reason}")]
    private partial void LogWaiting(string reason);
}
