using System.Net;
using System.Net.Sockets;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Dify.Tests.Deployment;

/// <summary>What hinders the start is said in one line, without a stack trace, and the exit code is 1.</summary>
[Collection(AloneCollection.Name)]
public sealed class StartFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dify-start-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("MODE", "webb", "MODE=webb is not known: use all, web, worker, sandbox or migrate.")]
    [InlineData("MODE", "7", "MODE=7 is not known")]
    [InlineData("MODE", "sandbox", "MODE=sandbox needs SANDBOX_API_KEY")]
    [InlineData("CODE_EXECUTION_ENDPOINT", "sandbox", "CODE_EXECUTION_ENDPOINT: ")]
    [InlineData("SECRET_KEY", "short", "SECRET_KEY is too short")]
    [InlineData("REDIS_PORT", "abc", "REDIS_PORT: ")]
    [InlineData("UPLOAD_FILE_SIZE_LIMIT", "-1", "UPLOAD_FILE_SIZE_LIMIT: ")]
    [InlineData("DB_TYPE", "mysql", "DB_TYPE=mysql is not known")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "ASPNETCORE_URLS")]
    public Task A_wrong_setting_is_named(string name, string value, string expected) => RefusesAsync(expected, (name, value));

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await RefusesAsync($"http://127.0.0.1:{port}: address already in use", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", Cancelled);
        await RefusesAsync($"The data folder {file}/data cannot be used", ("DIFY_DATA_DIR", $"{file}/data"));
    }

    [Fact]
    public async Task A_data_folder_of_a_newer_version_is_left_alone()
    {
        Assert.Equal((0, ""), await DifyProcess.RunAsync(_folder, [new("MODE", "migrate")], Cancelled));
        await using (var store = new SqliteConnection($"Data Source={_folder}/dify.db;Pooling=False"))
        {
            await store.OpenAsync(Cancelled);
            await using var command = store.CreateCommand();
            command.CommandText = "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '99.0.0')";
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        await RefusesAsync("newer version", ("MODE", "migrate"));
    }

    [Fact]
    public async Task A_wrong_password_of_the_database_is_named_at_once()
    {
        var server = Environment.GetEnvironmentVariable("DIFY_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(server), "no PostgreSQL server: DIFY_TEST_POSTGRES is not set");
        var known = new Npgsql.NpgsqlConnectionStringBuilder(server);
        await RefusesAsync(
            "PostgreSQL",
            ("DB_TYPE", "postgresql"), ("DB_HOST", known.Host!), ("DB_PORT", $"{known.Port}"), ("DB_USERNAME", "nobody-here"), ("DB_PASSWORD", "wrong"));
    }

    [Theory]
    [InlineData("57P03", true)]
    [InlineData("53300", true)]
    [InlineData("28P01", false)]
    [InlineData("3D000", false)]
    public void Only_a_server_that_is_still_starting_is_waited_for(string state, bool waited) =>
        Assert.Equal(waited, DatabaseMigrator.IsStillStarting(new Npgsql.PostgresException("", "FATAL", "FATAL", state)));

    private async Task RefusesAsync(string expected, params (string Name, string Value)[] environment)
    {
        var (exitCode, output) = await DifyProcess.RunAsync(
            _folder, environment.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)), Cancelled);
        Assert.Contains(expected, output);
        Assert.StartsWith("Dify cannot start. ", output.Split('\n')[^1]);
        Assert.DoesNotContain("Exception", output);
        Assert.DoesNotContain("   at ", output);
        Assert.Equal(1, exitCode);
    }
}
