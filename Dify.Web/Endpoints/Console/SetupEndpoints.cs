using Dify.Core.Common;
using Dify.Core.Workspaces.Setup;

namespace Dify.Web.Endpoints;

/// <summary>The first owner by script: <c>/console/api/setup</c>.</summary>
internal static class SetupEndpoints
{
    public static void MapSetup(this RouteGroupBuilder console)
    {
        console.MapGet("/setup", StatusAsync).AllowAnonymous();
        console.MapPost("/setup", SetUpAsync).AllowAnonymous();
    }

    private static async Task<IResult> StatusAsync(SetupService setup, CancellationToken cancellationToken) =>
        Results.Json(
            new { step = await setup.IsSetUpAsync(cancellationToken) ? "finished" : "not_started" }, JsonDefaults.Wire);

    private static async Task<IResult> SetUpAsync(
        SetupRequest body, SetupService setup, CancellationToken cancellationToken)
    {
        await setup.SetUpAsync(body.Email, body.Name, body.Password, body.InitPassword, body.Language, cancellationToken);
        return Results.Json(new { result = "success" }, JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }

    private sealed record SetupRequest(string? Email, string? Name, string? Password, string? InitPassword, string? Language);
}
