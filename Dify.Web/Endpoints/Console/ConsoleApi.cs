using Dify.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api</c>: what the console can do, for automation, with Dify's paths and bodies.</summary>
internal static class ConsoleApi
{
    /// <summary>Whatever is mapped here needs the access token of a program, unless it says <c>AllowAnonymous</c>. Bodies are
    /// small; an endpoint that takes files sets a limit of its own.</summary>
    public static void MapConsoleApi(this IEndpointRouteBuilder routes)
    {
        var console = routes.MapGroup("/console/api").DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(JsonBody.UsualLimit))
            .RequireAuthorization(ConsoleTokenAuthentication.Policy);
        console.MapSetup();
        console.MapLogin();
        console.MapAccount();
        console.MapMembers();
        console.MapActivation();
        console.MapApps();
        console.MapAppTransfer();
        console.MapWorkflowDrafts();
        console.MapWorkflowVersions();
        console.MapWorkflowRuns();
        console.MapChatflowRuns();
        console.MapApiKeys();
        console.MapConsoleDatasets();
        console.MapConsoleFiles();
        console.MapModelProviders();
    }
}
