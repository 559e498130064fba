using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Dify.Core.Storage.Postgres;

/// <summary>For <c>dotnet ef</c> only; nothing is connected to.</summary>
internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresDifyDbContext>
{
    public PostgresDifyDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresDifyDbContext>().UseNpgsql("Host=localhost;Database=design").Options);
}
