using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Workspaces.ApiKeys;

namespace Dify.Web.Endpoints;

/// <summary>Keys of the service API: of one app, or of the workspace's knowledge. A token is shown once, in the 201.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this RouteGroupBuilder console)
    {
        console.MapGet("/apps/{appId}/api-keys", async (
            ConsoleActor actor, string appId, AppService apps, ApiKeyService keys, CancellationToken stop) =>
            await ListAsync(actor, keys, ApiKeyKind.App, await FindAppAsync(actor, apps, appId, stop), stop));
        console.MapPost("/apps/{appId}/api-keys", async (
            ConsoleActor actor, string appId, AppService apps, ApiKeyService keys, CancellationToken stop) =>
            await CreateAsync(actor, keys, ApiKeyKind.App, await FindAppAsync(actor, apps, appId, stop), stop));
        console.MapDelete("/apps/{appId}/api-keys/{keyId}", async (
            ConsoleActor actor, string appId, string keyId, AppService apps, ApiKeyService keys, CancellationToken stop) =>
            await DeleteAsync(actor, keys, ApiKeyKind.App, await FindAppAsync(actor, apps, appId, stop), keyId, stop));

        console.MapGet("/datasets/api-keys", (ConsoleActor actor, ApiKeyService keys, CancellationToken stop) =>
            ListAsync(actor, keys, ApiKeyKind.Dataset, null, stop));
        console.MapPost("/datasets/api-keys", (ConsoleActor actor, ApiKeyService keys, CancellationToken stop) =>
            CreateAsync(actor, keys, ApiKeyKind.Dataset, null, stop));
        console.MapDelete("/datasets/api-keys/{keyId}", (
            ConsoleActor actor, string keyId, ApiKeyService keys, CancellationToken stop) =>
            DeleteAsync(actor, keys, ApiKeyKind.Dataset, null, keyId, stop));
    }

    private static async Task<Guid?> FindAppAsync(
        ConsoleActor actor, AppService apps, string appId, CancellationToken stop) =>
        (await apps.GetAsync(actor, AppEndpoints.ReadAppId(appId), stop)).Id;

    private static async Task<IResult> ListAsync(
        ConsoleActor actor, ApiKeyService keys, ApiKeyKind kind, Guid? appId, CancellationToken stop) =>
        Results.Json(
            new { Data = (await keys.ListAsync(actor, kind, appId, stop)).Select(key => KeyResponse.From(key, key.Hint)) },
            JsonDefaults.Wire);

    private static async Task<IResult> CreateAsync(
        ConsoleActor actor, ApiKeyService keys, ApiKeyKind kind, Guid? appId, CancellationToken stop)
    {
        var (key, token) = await keys.CreateAsync(actor, kind, appId, stop);
        return Results.Json(KeyResponse.From(key, token), JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(
        ConsoleActor actor, ApiKeyService keys, ApiKeyKind kind, Guid? appId, string keyId, CancellationToken stop)
    {
        if (!Guid.TryParse(keyId, out var id) || (await keys.ListAsync(actor, kind, appId, stop)).All(key => key.Id != id))
        {
            throw DifyException.NotFound("API key not found.");
        }

        await keys.DeleteAsync(actor, id, stop);
        return Results.NoContent();
    }

    private sealed record KeyResponse(Guid Id, string Type, string Token, long? LastUsedAt, long CreatedAt)
    {
        public static KeyResponse From(ApiKey key, string token) => new(
            key.Id, key.Kind == ApiKeyKind.App ? "app" : "dataset", token, key.LastUsedAt?.ToUnixTimeSeconds(),
            key.CreatedAt.ToUnixTimeSeconds());
    }
}
