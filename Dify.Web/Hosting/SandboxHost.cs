using Dify.Core.Common;
using Dify.Core.Sandbox;
using Dify.Web.Endpoints;

namespace Dify.Web.Hosting;

/// <summary>The program as the sandbox service (<c>MODE=sandbox</c>): no pages, no store, no secrets but its key.</summary>
internal static class SandboxHost
{
    public static async Task RunAsync(WebApplicationBuilder builder)
    {
        if (builder.Configuration["SANDBOX_API_KEY"] is not { Length: > 0 } key)
        {
            throw new CannotStartException("MODE=sandbox needs SANDBOX_API_KEY: the key that callers send as CODE_EXECUTION_API_KEY.");
        }

        builder.WebHost.UseDefaultUrls("http://localhost:8194", builder.Configuration);
        builder.Services.AddDifySandbox(builder.Configuration);
        var app = builder.Build();
        app.MapHealth();
        app.MapSandbox(key);
        await app.RunAsync();
    }
}
