using System.Data.Common;
using System.Security.Claims;
using Dify.Core.Accounts;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Dify.Web.Hosting;

/// <summary>
/// Ends an open page's session soon after the password was changed or the account was banned. (What the page asks for is
/// refused at once: the member is read from the store for each action.)
/// </summary>
internal sealed class SessionRevalidation(ILoggerFactory loggers, AccountService accounts)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    public const string StampClaim = "dify:stamp";

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(20);

    public static async Task<bool> IsValidAsync(AccountService accounts, ClaimsPrincipal? user, CancellationToken cancellationToken) =>
        Guid.TryParse(user?.FindFirstValue(ClaimTypes.NameIdentifier), out var accountId)
        && await accounts.IsSessionValidAsync(accountId, user!.FindFirstValue(StampClaim), cancellationToken);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await IsValidAsync(accounts, authenticationState.User, cancellationToken);
        }
        catch (Exception away) when (away is DbException or ObjectDisposedException)
        {
            // A store that is away for a moment, or a host that ends, is no reason to sign anybody out: it is asked again soon.
            return true;
        }
    }
}
