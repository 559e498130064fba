using Dify.Core.Workspaces.Setup;
using Microsoft.AspNetCore.Components.Endpoints;

namespace Dify.Web.Hosting;

/// <summary>While no account exists every page leads to the set-up; afterwards the set-up leads to the sign-in form.</summary>
internal static class SetupGate
{
    private const string InstallPath = "/install";

    public static void UseSetupGate(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            var isSetUp = await context.RequestServices.GetRequiredService<SetupService>().IsSetUpAsync(context.RequestAborted);
            var isInstall = context.Request.Path.Equals(InstallPath, StringComparison.OrdinalIgnoreCase);
            if (isSetUp == isInstall)
            {
                context.Response.Redirect(isSetUp ? "/signin" : InstallPath);
                return;
            }
        }

        await next(context);
    });
}
