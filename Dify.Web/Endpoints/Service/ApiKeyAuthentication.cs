using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.ApiKeys;

namespace Dify.Web.Endpoints;

/// <summary>
/// Opens <c>/v1</c> with <c>Authorization: Bearer …</c>. Whatever is wrong with the key, the answer is the same 401.
/// Endpoints read what it opened with <see cref="CallerApp"/> or <see cref="CallerActor"/>.
/// </summary>
internal static class ApiKeyAuthentication
{
    private const string Scheme = "Bearer ";
    private static readonly object KeyItem = new();
    private static readonly object AppItem = new();
    private static readonly object ActorItem = new();

    /// <summary>Every endpoint of the group needs an app key whose app exists and has its API switched on.</summary>
    public static TBuilder RequireAppKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredKey(ApiKeyKind.App));

    /// <summary>Every endpoint of the group needs a knowledge key whose maker is still a member of the workspace.</summary>
    public static TBuilder RequireDatasetKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredKey(ApiKeyKind.Dataset));

    /// <summary>Checks the key before anything of the request is read.</summary>
    public static void UseApiKeys(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiredKey>() is { } required)
        {
            var key = await FindKeyAsync(http, required.Kind);
            if (key.Kind == ApiKeyKind.App)
            {
                http.Items[AppItem] = await FindAppAsync(http, key);
            }
            else
            {
                http.Items[ActorItem] = await FindActorAsync(http, key);
            }
        }

        await next(http);
    });

    /// <summary>The key of this request.</summary>
    public static ApiKey CallerKey(this HttpContext http) => (ApiKey)http.Items[KeyItem]!;

    /// <summary>The app of this request's key: shared, not to be changed.</summary>
    public static App CallerApp(this HttpContext http) => (App)http.Items[AppItem]!;

    /// <summary>The maker of this request's knowledge key, with the role that the account has now.</summary>
    public static Actor CallerActor(this HttpContext http) => (Actor)http.Items[ActorItem]!;

    private static async ValueTask<ApiKey> FindKeyAsync(HttpContext http, ApiKeyKind kind)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Unauthorized();
        }

        var keys = http.RequestServices.GetRequiredService<ApiKeyService>();
        var key = await keys.FindAsync(value[Scheme.Length..].Trim(), http.RequestAborted);
        if (key is null || key.Kind != kind)
        {
            throw Unauthorized();
        }

        http.Items[KeyItem] = key;
        return key;
    }

    private static async ValueTask<App> FindAppAsync(HttpContext http, ApiKey key)
    {
        var app = await http.RequestServices.GetRequiredService<PublishedApps>()
            .FindAsync(key.AppId!.Value, http.RequestAborted);
        if (app is null || app.WorkspaceId != key.WorkspaceId)
        {
            throw Unauthorized();
        }

        return app.ApiEnabled
            ? app
            : throw DifyException.Forbidden("The API of this app is switched off. Ask its builder to switch it on.");
    }

    private static async Task<Actor> FindActorAsync(HttpContext http, ApiKey key)
    {
        try
        {
            return await http.RequestServices.GetRequiredService<WorkspaceAccess>()
                .GetActorAsync(key.CreatedBy, key.WorkspaceId, http.RequestAborted);
        }
        catch (DifyException)
        {
            throw Unauthorized();
        }
    }

    private static DifyException Unauthorized() => new(
        ErrorCodes.Unauthorized, "Access token is invalid. Send 'Authorization: Bearer' with a key of this API.", 401);

    private sealed record RequiredKey(ApiKeyKind Kind);
}
