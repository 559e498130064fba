namespace Dify.Web.Endpoints;

/// <summary><c>/v1</c>: Dify's service API, opened with an app key or a knowledge key.</summary>
internal static class ServiceApi
{
    public static void MapServiceApi(this IEndpointRouteBuilder routes)
    {
        var service = routes.MapGroup("/v1").DisableAntiforgery();
        service.MapChatMessages();
        service.MapConversations();
        service.MapWorkflows();
        service.MapWorkflowLogs();
        service.MapAppInfo();
        service.MapFileUpload();
        service.MapHumanInputForms();
        service.MapDatasets();
    }
}
