using System.Security.Claims;
using Dify.Core.Common;
using Dify.Core.Workspaces;
using Microsoft.AspNetCore.Components.Authorization;

namespace Dify.Web.Components.Shared;

/// <summary>Who looks at this page. Asks the store each time, so that a changed role counts with the next action.</summary>
internal sealed class CurrentMember(AuthenticationStateProvider authentication, WorkspaceAccess access)
{
    /// <exception cref="DifyException">401 when not signed in, 403 when no longer a member.</exception>
    public async Task<Actor> GetActorAsync(CancellationToken cancellationToken = default)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return Guid.TryParse(state.User.FindFirstValue(ClaimTypes.NameIdentifier), out var accountId)
            ? await access.GetActorAsync(accountId, cancellationToken: cancellationToken)
            : throw new DifyException(ErrorCodes.Unauthorized, "Sign in to go on.", 401);
    }
}
