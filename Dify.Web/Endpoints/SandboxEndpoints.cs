using System.Security.Cryptography;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Sandbox;

namespace Dify.Web.Endpoints;

/// <summary>The wire of Dify's sandbox service: <c>{code, message, data: {stdout, error}}</c>, code 0 for a run that took place.</summary>
internal static class SandboxEndpoints
{
    public static void MapSandbox(this IEndpointRouteBuilder routes, string key)
    {
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        routes.MapPost("/v1/sandbox/run", async (HttpContext context, IScriptRunner runner) =>
        {
            var given = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers["X-Api-Key"].ToString()));
            return CryptographicOperations.FixedTimeEquals(given, expected)
                ? await RunAsync(context, runner)
                : Answer(401, -401, "Unauthorized", null);
        });
    }

    private static async Task<IResult> RunAsync(HttpContext context, IScriptRunner runner)
    {
        SandboxRunRequest? request;
        try
        {
            request = await context.Request.ReadFromJsonAsync<SandboxRunRequest>(JsonDefaults.Wire, context.RequestAborted);
        }
        catch (Exception problem) when (problem is System.Text.Json.JsonException or InvalidOperationException)
        {
            return Answer(400, -400, "The body is no JSON object.", null);
        }

        CodeLanguage? language = request?.Language switch
        {
            "python3" => CodeLanguage.Python3,
            "nodejs" or "javascript" => CodeLanguage.JavaScript,
            _ => null,
        };
        if (language is null || request?.Code is not { } code)
        {
            return Answer(400, -400, "unsupported language: use python3 or nodejs, and give the code", null);
        }

        if (request.EnableNetwork)
        {
            return Answer(400, -400, "This sandbox has no network: send enable_network false.", null);
        }

        try
        {
            var script = string.IsNullOrEmpty(request.Preload) ? code : request.Preload + "\n" + code;
            return Answer(200, 0, "success", await runner.RunAsync(language.Value, script, context.RequestAborted));
        }
        catch (SandboxUnavailableException missing)
        {
            return Answer(503, -503, missing.Message, null);
        }
    }

    private static IResult Answer(int status, int code, string message, ScriptOutput? output) => Results.Json(
        new { code, message, data = output is null ? null : new { stdout = output.Text, error = output.Error } }, JsonDefaults.Wire, statusCode: status);

    private sealed record SandboxRunRequest(string? Language, string? Code, string? Preload, bool EnableNetwork);
}
