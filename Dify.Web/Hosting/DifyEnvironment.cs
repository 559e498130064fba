using Dify.Core.Common;
using Npgsql;

namespace Dify.Web.Hosting;

/// <summary>Maps Dify's environment names to our options, so that an existing <c>.env</c> keeps its meaning.</summary>
internal static class DifyEnvironment
{
    internal static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CONSOLE_API_URL"] = "Urls:ConsoleApi",
        ["CONSOLE_WEB_URL"] = "Urls:ConsoleWeb",
        ["SERVICE_API_URL"] = "Urls:ServiceApi",
        ["APP_WEB_URL"] = "Urls:AppWeb",
        ["UPLOAD_FILE_SIZE_LIMIT"] = "Uploads:FileSizeMegabytes",
        ["UPLOAD_IMAGE_FILE_SIZE_LIMIT"] = "Uploads:ImageSizeMegabytes",
        ["UPLOAD_AUDIO_FILE_SIZE_LIMIT"] = "Uploads:AudioSizeMegabytes",
        ["UPLOAD_VIDEO_FILE_SIZE_LIMIT"] = "Uploads:VideoSizeMegabytes",
        ["WORKFLOW_FILE_UPLOAD_LIMIT"] = "Uploads:WorkflowFileCount",
        ["FILES_ACCESS_TIMEOUT"] = "Uploads:LinkSeconds",
        ["FILES_URL"] = "Urls:Files",
        ["UPLOAD_FILE_BATCH_LIMIT"] = "Uploads:BatchCount",
        ["UPLOAD_FILE_EXTENSION_BLACKLIST"] = "Uploads:ExtensionBlocklist",
        ["HTTP_REQUEST_MAX_CONNECT_TIMEOUT"] = "Workflows:HttpRequest:ConnectSeconds",
        ["HTTP_REQUEST_MAX_READ_TIMEOUT"] = "Workflows:HttpRequest:ReadSeconds",
        ["HTTP_REQUEST_MAX_WRITE_TIMEOUT"] = "Workflows:HttpRequest:WriteSeconds",
        ["HTTP_REQUEST_NODE_MAX_BINARY_SIZE"] = "Workflows:HttpRequest:MaxBinaryBytes",
        ["HTTP_REQUEST_NODE_MAX_TEXT_SIZE"] = "Workflows:HttpRequest:MaxTextBytes",
        ["HTTP_REQUEST_NODE_SSL_VERIFY"] = "Workflows:HttpRequest:VerifyCertificates",
        ["EDITION"] = "Accounts:Edition",
        ["DEPLOY_ENV"] = "Accounts:DeployEnvironment",
        ["INIT_PASSWORD"] = "Accounts:InitPassword",
        ["ALLOW_REGISTER"] = "Accounts:AllowRegister",
        ["INVITE_EXPIRY_HOURS"] = "Accounts:InviteExpiryHours",
        ["ACCESS_TOKEN_EXPIRE_MINUTES"] = "Accounts:AccessTokenMinutes",
        ["REFRESH_TOKEN_EXPIRE_DAYS"] = "Accounts:RefreshTokenDays",
        ["REDIS_HOST"] = "Realtime:RedisHost",
        ["REDIS_PORT"] = "Realtime:RedisPort",
        ["REDIS_USERNAME"] = "Realtime:RedisUsername",
        ["REDIS_PASSWORD"] = "Realtime:RedisPassword",
        ["REDIS_USE_SSL"] = "Realtime:RedisUseSsl",
        ["REDIS_DB"] = "Realtime:RedisDatabase",
        ["RECORD_RETENTION_DAYS"] = "Storage:RecordRetentionDays",
        ["WORKFLOW_MAX_EXECUTION_STEPS"] = "Workflows:Engine:MaxSteps",
        ["WORKFLOW_MAX_EXECUTION_TIME"] = "Workflows:Engine:MaxSeconds",
        ["CODE_EXECUTION_ENDPOINT"] = "Sandbox:Endpoint",
        ["CODE_EXECUTION_API_KEY"] = "Sandbox:ApiKey",
        ["CODE_EXECUTION_CONNECT_TIMEOUT"] = "Sandbox:ConnectTimeoutSeconds",
        ["CODE_EXECUTION_READ_TIMEOUT"] = "Sandbox:ReadTimeoutSeconds",
        ["CODE_EXECUTION_WRITE_TIMEOUT"] = "Sandbox:WriteTimeoutSeconds",
        ["SANDBOX_WORKER_TIMEOUT"] = "Sandbox:RunTimeoutSeconds",
        ["CODE_MAX_NUMBER"] = "Workflows:Code:MaxNumber",
        ["CODE_MIN_NUMBER"] = "Workflows:Code:MinNumber",
        ["CODE_MAX_PRECISION"] = "Workflows:Code:MaxPrecision",
        ["CODE_MAX_DEPTH"] = "Workflows:Code:MaxDepth",
        ["CODE_MAX_STRING_LENGTH"] = "Workflows:Code:MaxStringLength",
        ["CODE_MAX_STRING_ARRAY_LENGTH"] = "Workflows:Code:MaxStringArrayLength",
        ["CODE_MAX_OBJECT_ARRAY_LENGTH"] = "Workflows:Code:MaxObjectArrayLength",
        ["CODE_MAX_NUMBER_ARRAY_LENGTH"] = "Workflows:Code:MaxNumberArrayLength",
        ["TEMPLATE_TRANSFORM_MAX_LENGTH"] = "Workflows:Template:MaxOutputLength",
        ["SMTP_PORT"] = "Smtp:Port",
        ["SMTP_USERNAME"] = "Smtp:UserName",
        ["SMTP_PASSWORD"] = "Smtp:Password",
        ["SMTP_USE_TLS"] = "Smtp:UseTls",
        ["SMTP_OPPORTUNISTIC_TLS"] = "Smtp:OpportunisticTls",
        ["MAIL_DEFAULT_SEND_FROM"] = "Smtp:From",
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

        // As in Dify: the server's name alone sends nothing, MAIL_TYPE=smtp switches mail on.
        if (string.Equals(configuration["MAIL_TYPE"], "smtp", StringComparison.OrdinalIgnoreCase))
        {
            mapped["Smtp:Server"] = configuration["SMTP_SERVER"];
        }

        AddDatabase(configuration, mapped);
        if (configuration.GetHostMode() is HostMode.Web)
        {
            mapped["Jobs:Enabled"] = "false";
        }

        configuration.AddInMemoryCollection(mapped);
    }

    /// <summary>The environment name of an option that a message speaks of, by key (<c>Realtime:RedisPort</c>) or by property.</summary>
    public static string? NameIn(string message) => Names
        .Where(pair => message.Contains($"'{pair.Value}'", StringComparison.Ordinal)
            || message.Contains($"'{pair.Value[(pair.Value.LastIndexOf(':') + 1)..]}'", StringComparison.Ordinal))
        .Select(pair => pair.Key).FirstOrDefault();

    /// <summary>Which part of the product this process plays: <c>MODE</c>, by default all of it.</summary>
    public static HostMode GetHostMode(this IConfiguration configuration) =>
        configuration["MODE"] is not { Length: > 0 } mode ? HostMode.All
        : Enum.TryParse<HostMode>(mode, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known
        : throw new CannotStartException($"MODE={mode} is not known: use all, web, worker, sandbox or migrate.");

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
        switch (configuration["DB_TYPE"]?.ToUpperInvariant())
        {
            case null or "" or "SQLITE":
                return;
            case "POSTGRESQL":
                break;
            default:
                throw new CannotStartException($"DB_TYPE={configuration["DB_TYPE"]} is not known: use postgresql, or leave it out for SQLite.");
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
