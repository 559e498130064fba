using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Dify.Core.Storage.Sqlite;

/// <summary>For <c>dotnet ef</c> only.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteDifyDbContext>
{
    public SqliteDifyDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDifyDbContext>().UseSqlite("Data Source=:memory:").Options);
}
