using Dify.Core.Accounts;
using Dify.Core.Accounts.Sessions;
using Dify.Core.Common;
using Dify.Core.Workspaces.Members;
using Dify.Core.Workspaces.Setup;
using Dify.Web.Hosting;

namespace Dify.Web.Endpoints;

/// <summary>
/// Tokens for programs. A refused sign-in is an answer, not an error: <c>{result: "fail", code, data}</c> with the
/// message in <c>data</c>, or with the registration token where the account does not exist and may be made.
/// </summary>
internal static class LoginEndpoints
{
    public static void MapLogin(this RouteGroupBuilder console)
    {
        console.MapPost("/login", LoginAsync).AllowAnonymous();
        console.MapPost("/refresh-token", RefreshAsync).AllowAnonymous();
        console.MapPost("/logout", LogoutAsync);
    }

    /// <summary>The pair of tokens in Dify's answer.</summary>
    public static IResult Tokens(TokenPair pair) => Results.Json(
        new { result = "success", data = new { access_token = pair.AccessToken, refresh_token = pair.RefreshToken } },
        JsonDefaults.Wire);

    private static async Task<IResult> LoginAsync(
        LoginRequest body, HttpContext http, SetupService setup, SignInService signIn, SessionTokens tokens,
        InvitationAcceptance invitations, CancellationToken cancellationToken)
    {
        NoStore(http);
        if (!await setup.IsSetUpAsync(cancellationToken))
        {
            throw new DifyException(ErrorCodes.NotSetup, "Dify is not set up yet. Create the first account at /install.", 401);
        }

        if (body.InviteToken is { Length: > 0 } inviteToken)
        {
            var invitation = await invitations.LookAsync(inviteToken, cancellationToken);
            if (invitation.State != InvitationState.Open
                || AccountRules.NormalizeEmail(invitation.Email) != AccountRules.NormalizeEmail(body.Email ?? ""))
            {
                return Fail(ErrorCodes.InvitationInvalid, "This invitation was used, withdrawn or has expired, or is for another address.");
            }
        }

        var result = await signIn.SignInAsync(body.Email, body.Password, Address(http), body.Language, cancellationToken);
        return result.Outcome switch
        {
            SignInOutcome.Success => Tokens(await tokens.IssueAsync(result.Account!.Id, cancellationToken)),
            SignInOutcome.AccountNotFound => Fail(
                ErrorCodes.AccountNotFound, result.RegistrationToken ?? SignInMessages.Of(result.Outcome)),
            _ => Fail(SignInMessages.CodeOf(result.Outcome), SignInMessages.Of(result.Outcome)),
        };
    }

    private static async Task<IResult> RefreshAsync(
        RefreshRequest body, HttpContext http, SessionTokens tokens, CancellationToken cancellationToken)
    {
        NoStore(http);
        return Tokens(await tokens.RefreshAsync(body.RefreshToken, cancellationToken));
    }

    private static async Task<IResult> LogoutAsync(HttpContext http, SessionTokens tokens, CancellationToken cancellationToken)
    {
        await tokens.RevokeAsync(ConsoleTokenAuthentication.ReadToken(http.Request), cancellationToken);
        return Results.Json(new { result = "success" }, JsonDefaults.Wire);
    }

    internal static string? Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    internal static void NoStore(HttpContext http) => http.Response.Headers.CacheControl = "no-store";

    private static IResult Fail(string code, string data) =>
        Results.Json(new { result = "fail", code, data }, JsonDefaults.Wire);

    private sealed record LoginRequest(string? Email, string? Password, string? Language, bool? RememberMe, string? InviteToken);

    private sealed record RefreshRequest(string? RefreshToken);
}
