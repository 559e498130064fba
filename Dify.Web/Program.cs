using Dify.Core;
using Dify.Core.Storage;
using Dify.Web.Components;
using Dify.Web.Endpoints;
using Dify.Web.Hosting;

// Settings lie beside the program; the data folder is where it was started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
try
{
    await RunAsync(builder);
    return 0;
}
catch (Exception failure) when (!builder.Environment.IsEnvironment("Testing")
    && StartFailure.Explain(failure, builder.Configuration) is { } reason)
{
    await Console.Error.WriteLineAsync($"Dify cannot start. {reason.ReplaceLineEndings(" ")}");
    return 1;
}

static async Task RunAsync(WebApplicationBuilder builder)
{
    builder.Configuration.AddDifyEnvironment();
    if (builder.Configuration.GetHostMode() is HostMode.Sandbox)
    {
        await SandboxHost.RunAsync(builder);
        return;
    }

    builder.WebHost.UseDefaultUrls("http://localhost:5001", builder.Configuration);
    builder.WebHost.UseStaticWebAssets();
    builder.Host.UseDefaultServiceProvider(options => options.ValidateScopes = options.ValidateOnBuild = true);

    // Until the start has succeeded, host and database would add stack traces to what is said in one line.
    var started = false;
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Warning);
    builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Connection", level => started && level >= LogLevel.Warning);

    // Jobs that are cancelled at the end leave their transactions; the queue would tell each with a stack trace.
    var stopping = false;
    builder.Logging.AddFilter("Quartz.Impl.AdoJobStore", level => !stopping && level >= LogLevel.Warning);

    builder.Services.AddDify(builder.Configuration);
    builder.Services.AddDifyWeb(builder.Configuration);

    var mode = builder.Configuration.GetHostMode();
    var app = builder.Build();
    await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync();
    if (mode is HostMode.Migrate)
    {
        return;
    }

    app.UseExceptionHandler();
    app.MapHealth();
    if (mode is not HostMode.Worker)
    {
        app.UseSecurityHeaders();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseApiStatusCodes();
        app.UseRequestLocalization();
        app.UseSetupGate();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseSiteVisitors();
        app.UseApiKeys();
        app.UseAntiforgery();

        app.MapStaticAssets();
        app.MapSession();
        app.MapConsoleApi();
        app.MapServiceApi();
        app.MapSiteApi();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }

    app.Lifetime.ApplicationStarted.Register(() => started = true);
    app.Lifetime.ApplicationStopping.Register(() => stopping = true);
    await app.RunAsync();
}

namespace Dify.Web
{
    /// <summary>Named for the tests' host factory.</summary>
    public partial class Program;
}
