using Dify.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dify.Tests.Support;

/// <summary>
/// The whole program in process, on a data folder of its own. <c>CreateClient()</c> talks to it without a socket;
/// <see cref="StartOnPort"/> makes it listen, for browsers and load.
/// </summary>
internal sealed class DifyHost : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection>? _configure;

    public DifyHost(IEnumerable<KeyValuePair<string, string?>>? settings = null, Action<IServiceCollection>? configure = null)
    {
        _settings = new(settings ?? []);
        _configure = configure;
        DataFolder = Directory.CreateTempSubdirectory("dify-host-").FullName;
    }

    public string DataFolder { get; }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Listens on a free port of the loopback address and returns its base address.</summary>
    public string StartOnPort()
    {
        UseKestrel(0);
        StartServer();
        return ClientOptions.BaseAddress.ToString().TrimEnd('/');
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("DIFY_DATA_DIR", DataFolder);
        builder.ConfigureLogging(logging => logging.AddFilter(null, LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning));

        // Without a socket nothing can hold the limits of bodies, and each request says so.
        builder.UseSetting("Logging:LogLevel:Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware", "Error");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        if (_configure is not null)
        {
            builder.ConfigureServices(_configure);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await TemporaryFolder.DeleteAsync(DataFolder);
        GC.SuppressFinalize(this);
    }
}
