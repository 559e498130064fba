using Dify.Core.Common;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Forms;

namespace Dify.Web.Endpoints;

/// <summary><c>/v1/form/human_input/{form_token}</c>: a program shows the form of its app's paused run, and answers it for a person.</summary>
internal static class FormEndpoints
{
    public static void MapHumanInputForms(this RouteGroupBuilder service)
    {
        service.MapGet("/form/human_input/{token}", GetAsync).RequireAppKey();
        service.MapPost("/form/human_input/{token}", SubmitAsync).RequireAppKey();
    }

    private static async Task<IResult> GetAsync(HttpContext http, string token, FormService forms) =>
        Results.Json(FormResponse.From(await forms.GetAsync(token, http.CallerApp().Id, http.RequestAborted)), JsonDefaults.Wire);

    private static async Task<IResult> SubmitAsync(HttpContext http, string token, FormService forms)
    {
        var body = await http.Request.ReadAsync<FormAnswerRequest>();
        var user = await http.EndUserAsync(ChatCaller.RequireUser(body.User));
        await forms.GetAsync(token, http.CallerApp().Id, http.RequestAborted);
        await forms.SubmitAsync(
            token, body.RequireInputs(), body.RequireAction(), user.Id.ToString(),
            new FileOwner(http.CallerApp().WorkspaceId, null, user.Id), http.RequestAborted);
        return Results.Json(new { }, JsonDefaults.Wire);
    }
}
