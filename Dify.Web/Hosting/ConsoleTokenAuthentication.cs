using System.Security.Claims;
using System.Text.Encodings.Web;
using Dify.Core.Accounts.Sessions;
using Dify.Core.Common;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Dify.Web.Hosting;

/// <summary>The access token of a program: <c>Authorization: Bearer …</c>, from <c>/console/api/login</c>.</summary>
internal sealed class ConsoleTokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "ConsoleToken";
    public const string Policy = "ConsoleToken";
    private const string Prefix = "Bearer ";

    /// <summary>The token of the request, or null.</summary>
    public static string? ReadToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? value[Prefix.Length..].Trim()
            : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadToken(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (await tokens.ValidateAsync(token, Context.RequestAborted) is not { } accountId)
        {
            return AuthenticateResult.Fail("The token is not valid.");
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, accountId.ToString())], Scheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Response.WriteAsJsonAsync(
            new ErrorResponse(
                ErrorCodes.Unauthorized, "Send 'Authorization: Bearer' with a valid access token of /console/api/login.", 401),
            JsonDefaults.Wire,
            Context.RequestAborted);
    }
}
