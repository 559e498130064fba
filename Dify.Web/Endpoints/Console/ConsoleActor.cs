using System.Security.Claims;
using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Web.Endpoints;

/// <summary>
/// The member who calls <c>/console/api</c>: take it as a parameter of the endpoint. The role is read from the store
/// for each call, so a changed role or a removal counts at once.
/// </summary>
internal sealed record ConsoleActor(Actor Actor)
{
    public Actor ToActor() => Actor;

    public static implicit operator Actor(ConsoleActor caller) => caller.Actor;

    /// <exception cref="DifyException">401 when nobody is signed in, 403 when no longer a member.</exception>
    public static async ValueTask<ConsoleActor> BindAsync(HttpContext context) =>
        new(await context.GetActorAsync());
}

internal static class ConsoleActorExtensions
{
    /// <summary>The account that the request's credential belongs to.</summary>
    /// <exception cref="DifyException">401 when nobody is signed in.</exception>
    public static Guid GetAccountId(this HttpContext context) =>
        Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var accountId)
            ? accountId
            : throw new DifyException(ErrorCodes.Unauthorized, "Sign in to go on.", 401);

    /// <summary>The caller's place in its workspace, read from the store.</summary>
    /// <exception cref="DifyException">401 when nobody is signed in, 403 when no longer a member.</exception>
    public static Task<Actor> GetActorAsync(this HttpContext context) =>
        context.RequestServices.GetRequiredService<WorkspaceAccess>()
            .GetActorAsync(context.GetAccountId(), cancellationToken: context.RequestAborted);
}
