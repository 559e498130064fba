using Npgsql;

namespace Dify.Web.Hosting;

/// <summary>Maps Dify's environment names to our options, so that an existing <c>.env</c> keeps its meaning.</summary>
internal static class DifyEnvironment
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CONSOLE_API_URL"] = "Urls:ConsoleApi",
        ["CONSOLE_WEB_URL"] = "Urls:ConsoleWeb",
        ["SERVICE_API_URL"] = "Urls:ServiceApi",
        ["APP_WEB_URL"] = "Urls:AppWeb",
    };

    public static void AddDifyEnvironment(this IConfigurationManager configuration)
    {
        var mapped = new Dictionary<string, string?>();
        foreach (var (name, key) in Names)
        {
            if (configuration[name] is { Length: > 0 } value)
            {
                mapped[key] = value;
            }
        }

        AddDatabase(configuration, mapped);
        if (configuration.GetHostMode() is HostMode.Web)
        {
            mapped["Jobs:Enabled"] = "false";
        }

        configuration.AddInMemoryCollection(mapped);
    }

    /// <summary>Which part of the product this process plays: <c>MODE</c>, by default all of it.</summary>
    public static HostMode GetHostMode(this IConfiguration configuration) =>
        configuration["MODE"] is not { Length: > 0 } mode ? HostMode.All
        : Enum.TryParse<HostMode>(mode, ignoreCase: true, out var known) ? known
        : throw new InvalidOperationException($"MODE={mode} is not known: use all, web, worker or migrate.");

    /// <summary>Listens on <paramref name="url"/> unless <c>ASPNETCORE_URLS</c>, <c>--urls</c> or Kestrel settings say otherwise.</summary>
    public static void UseDefaultUrls(this IWebHostBuilder host, string url, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey])
            && string.IsNullOrEmpty(configuration["HTTP_PORTS"])
            && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            host.UseUrls(url);
        }
    }

    private static void AddDatabase(IConfiguration configuration, Dictionary<string, string?> mapped)
    {
        if (!string.Equals(configuration["DB_TYPE"], "postgresql", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        mapped["Storage:Kind"] = "PostgreSql";
        mapped["Storage:ConnectionString"] = new NpgsqlConnectionStringBuilder
        {
            Host = configuration["DB_HOST"] ?? "localhost",
            Port = configuration.GetValue("DB_PORT", 5432),
            Username = configuration["DB_USERNAME"] ?? "postgres",
            Password = configuration["DB_PASSWORD"],
            Database = configuration["DB_DATABASE"] ?? "dify",
        }.ConnectionString;
    }
}
