using Dify.Core;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Dify.Tests.Support;

/// <summary>
/// A store of its own for one test, with all of Core's services on it. PostgreSQL needs <c>DIFY_TEST_POSTGRES</c>, a
/// connection string to a server on which databases may be made; without it those cases are skipped and say so.
/// </summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string? _postgresDatabase;

    private readonly Func<ServiceProvider> _newServices;

    private TestDatabase(DatabaseKind kind, string folder, string? postgresDatabase, Func<ServiceProvider> newServices)
    {
        Kind = kind;
        _folder = folder;
        _postgresDatabase = postgresDatabase;
        _newServices = newServices;
        Services = newServices();
    }

    /// <summary>Use as <c>[MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]</c>.</summary>
    public static TheoryData<DatabaseKind> Kinds { get; } = [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];

    public DatabaseKind Kind { get; }

    public ServiceProvider Services { get; }

    public IDbContextFactory<DifyDbContext> Contexts => Services.GetRequiredService<IDbContextFactory<DifyDbContext>>();

    /// <summary>What another process on the same store and data folder would have.</summary>
    public ServiceProvider NewServices() => _newServices();

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <param name="kind">SQLite or PostgreSQL.</param>
    /// <param name="configure">Replaces services, for instance the clock or a model provider.</param>
    /// <param name="settings">Further configuration values.</param>
    public static async Task<TestDatabase> CreateAsync(
        DatabaseKind kind = DatabaseKind.Sqlite,
        Action<IServiceCollection>? configure = null,
        IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("dify-test-").FullName;
        var values = new Dictionary<string, string?> { ["DIFY_DATA_DIR"] = folder };
        string? database = null;
        if (kind == DatabaseKind.PostgreSql)
        {
            database = await CreatePostgresDatabaseAsync();
            values["Storage:Kind"] = nameof(DatabaseKind.PostgreSql);
            values["Storage:ConnectionString"] = PostgresConnectionString(database);
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).AddInMemoryCollection(settings ?? []).Build();
        var made = new TestDatabase(kind, folder, database, () =>
        {
            var services = new ServiceCollection();
            services.AddSingleton<IConfiguration>(configuration);
            services.AddLogging();
            services.AddDify(configuration);
            configure?.Invoke(services);
            return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        });
        await made.Get<DatabaseMigrator>().MigrateAsync(TestContext.Current.CancellationToken);
        return made;
    }

    /// <summary>Makes an empty PostgreSQL database, or skips the test.</summary>
    public static async Task<string> CreatePostgresDatabaseAsync()
    {
        var name = $"dify_test_{Guid.CreateVersion7():N}";
        await using var connection = new NpgsqlConnection(Server);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return name;
    }

    public static string PostgresConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(Server) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        if (_postgresDatabase is not null)
        {
            await DropPostgresDatabaseAsync(_postgresDatabase);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await TemporaryFolder.DeleteAsync(_folder);
    }

    public static async Task DropPostgresDatabaseAsync(string name)
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(PostgresConnectionString(name)));
        await using var connection = new NpgsqlConnection(Server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string Server
    {
        get
        {
            var server = Environment.GetEnvironmentVariable("DIFY_TEST_POSTGRES");
            Assert.SkipWhen(string.IsNullOrEmpty(server), "no PostgreSQL server: DIFY_TEST_POSTGRES is not set");
            return server!;
        }
    }
}
