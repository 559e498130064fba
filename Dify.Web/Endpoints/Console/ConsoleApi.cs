namespace Dify.Web.Endpoints;

/// <summary><c>/console/api</c>: what the console can do, for automation, with Dify's paths and bodies.</summary>
internal static class ConsoleApi
{
    public static void MapConsoleApi(this IEndpointRouteBuilder routes)
    {
        var console = routes.MapGroup("/console/api").DisableAntiforgery();
        _ = console;
    }
}
