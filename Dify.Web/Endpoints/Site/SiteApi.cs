namespace Dify.Web.Endpoints;

/// <summary><c>/api</c>: what pages fetch or send over plain HTTP (uploads, downloads).</summary>
internal static class SiteApi
{
    public static void MapSiteApi(this IEndpointRouteBuilder routes)
    {
        var site = routes.MapGroup("/api");
        site.MapOpenApiDescriptions();
        site.MapFiles();
        site.MapAppFiles();
        site.MapRunFiles();
        routes.MapFileLinks();
        site.MapPublicForms();
    }
}
