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

    public static void AddDifyEnvironment(this IConfigurationBuilder configuration)
    {
        var mapped = new Dictionary<string, string?>();
        foreach (var (name, key) in Names)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                mapped[key] = value;
            }
        }

        configuration.AddInMemoryCollection(mapped);
    }

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
}
