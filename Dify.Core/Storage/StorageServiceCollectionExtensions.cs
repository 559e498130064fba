using Dify.Core.Common;
using Dify.Core.Storage.Postgres;
using Dify.Core.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dify.Core.Storage;

internal static class StorageServiceCollectionExtensions
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection("Storage")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DatabaseMigrator>();
        services.AddSingleton<IReadinessCheck, StoreReadiness>();
        services.AddSingleton<WriteBatcher>();
        services.AddSingleton<RecordExpiry>();
        services.AddHostedService(provider => provider.GetRequiredService<RecordExpiry>());

        var options = configuration.GetSection("Storage").Get<StorageOptions>() ?? new StorageOptions();
        return options.Kind switch
        {
            DatabaseKind.Sqlite => services.AddSqlite(),
            DatabaseKind.PostgreSql => services.AddPostgres(),
            _ => throw new InvalidOperationException($"Storage:Kind '{options.Kind}' is not known."),
        };
    }

    private static IServiceCollection AddSqlite(this IServiceCollection services)
    {
        services.AddPooledDbContextFactory<SqliteDifyDbContext>((provider, builder) => builder
            .UseSqlite(provider.GetRequiredService<IOptions<StorageOptions>>().Value.ConnectionString
                ?? $"Data Source={provider.GetRequiredService<DataFolder>().PathOf("dify.db")};Cache=Private;Pooling=True")
            .AddInterceptors(new SqlitePragmaInterceptor()));
        return services.AddSingleton<IDbContextFactory<DifyDbContext>, DifyDbContextFactory<SqliteDifyDbContext>>();
    }

    private static IServiceCollection AddPostgres(this IServiceCollection services)
    {
        services.AddPooledDbContextFactory<PostgresDifyDbContext>((provider, builder) => builder
            .UseNpgsql(provider.GetRequiredService<IOptions<StorageOptions>>().Value.ConnectionString
                ?? throw new InvalidOperationException("Storage:ConnectionString is needed for PostgreSQL."))
            .AddInterceptors(new NulCharacterInterceptor()));
        return services.AddSingleton<IDbContextFactory<DifyDbContext>, DifyDbContextFactory<PostgresDifyDbContext>>();
    }
}
