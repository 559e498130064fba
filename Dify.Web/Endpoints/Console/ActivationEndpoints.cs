using Dify.Core.Accounts;
using Dify.Core.Accounts.Sessions;
using Dify.Core.Common;
using Dify.Core.Workspaces.Members;

namespace Dify.Web.Endpoints;

/// <summary>Accepting an invitation by script.</summary>
internal static class ActivationEndpoints
{
    public static void MapActivation(this RouteGroupBuilder console)
    {
        console.MapGet("/activate/check", CheckAsync).AllowAnonymous();
        console.MapPost("/activate", ActivateAsync).AllowAnonymous();
    }

    private static async Task<IResult> CheckAsync(
        string? token, InvitationAcceptance invitations, CancellationToken cancellationToken)
    {
        var invitation = await invitations.LookAsync(token, cancellationToken);
        return invitation.State == InvitationState.Open
            ? Results.Json(
                new
                {
                    is_valid = true,
                    data = new
                    {
                        workspace_name = invitation.WorkspaceName,
                        workspace_id = invitation.WorkspaceId,
                        email = invitation.Email,
                    },
                },
                JsonDefaults.Wire)
            : Results.Json(new { is_valid = false }, JsonDefaults.Wire);
    }

    /// <summary>
    /// A new person brings name and password. Somebody with an account brings its password: the link alone opens no
    /// session of an account that exists.
    /// </summary>
    private static async Task<IResult> ActivateAsync(
        ActivateRequest body, HttpContext http, InvitationAcceptance invitations, SignInService signIn, SessionTokens tokens,
        CancellationToken cancellationToken)
    {
        LoginEndpoints.NoStore(http);
        var invitation = await invitations.LookAsync(body.Token, cancellationToken);
        if (!invitation.HasAccount)
        {
            var created = await invitations.AcceptAsNewAccountAsync(
                body.Token, body.Name, body.Password, body.InterfaceLanguage, body.Timezone, cancellationToken);
            return LoginEndpoints.Tokens(await tokens.IssueAsync(created, cancellationToken));
        }

        var result = await signIn.SignInAsync(
            invitation.Email, body.Password, LoginEndpoints.Address(http), body.InterfaceLanguage, cancellationToken);
        if (result.Outcome != SignInOutcome.Success)
        {
            throw new DifyException(SignInMessages.CodeOf(result.Outcome), SignInMessages.Of(result.Outcome));
        }

        await invitations.AcceptAsync(body.Token, result.Account!.Id, cancellationToken);
        return LoginEndpoints.Tokens(await tokens.IssueAsync(result.Account.Id, cancellationToken));
    }

    private sealed record ActivateRequest(
        string? Token, string? Name, string? Password, string? InterfaceLanguage, string? Timezone);
}
