using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Storage;

public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>Section <c>Storage</c>. Without any setting: SQLite in the data folder.</summary>
public sealed class StorageOptions
{
    public DatabaseKind Kind { get; set; } = DatabaseKind.Sqlite;

    /// <summary>Needed for PostgreSQL; for SQLite the default is <c>dify.db</c> in the data folder.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Days that records of model calls and of retrievals are kept; 0 keeps them for ever.</summary>
    [Range(0, 36_500)]
    public int RecordRetentionDays { get; set; } = 90;
}
