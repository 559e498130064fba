using System.Security.Claims;
using Dify.Core.Accounts;
using Dify.Web.Components.Pages.Accounts;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Dify.Web.Hosting;

/// <summary>
/// Browsers sign in with an HttpOnly cookie; programs bring a bearer token or an API key. <c>/console/api</c> takes the
/// bearer token only, so that no other site can make a browser call it.
/// </summary>
internal static class AuthenticationSetup
{
    public const string SessionCookie = "dify_session";

    public static IServiceCollection AddDifyAuthentication(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options =>
            {
                options.Cookie.Name = SessionCookie;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.LoginPath = "/signin";
                options.ReturnUrlParameter = "redirect_url";
                options.ExpireTimeSpan = TimeSpan.FromDays(30);
                options.SlidingExpiration = true;
                options.Events.OnValidatePrincipal = ValidateAsync;
                options.Events.OnRedirectToLogin = context => AnswerAsync(context, StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = context => AnswerAsync(context, StatusCodes.Status403Forbidden);
            })
            .AddScheme<AuthenticationSchemeOptions, ConsoleTokenAuthentication>(ConsoleTokenAuthentication.Scheme, null);
        services.AddAuthorizationBuilder().AddPolicy(
            ConsoleTokenAuthentication.Policy,
            policy => policy.AddAuthenticationSchemes(ConsoleTokenAuthentication.Scheme).RequireAuthenticatedUser());

        services.AddSingleton<SignInTickets>();
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddScoped<BrowserFacts>();
        services.AddScoped<ClientConnection>();
        services.AddScoped<CircuitHandler, ClientConnectionCircuitHandler>();
        return services;
    }

    /// <summary>The identity of a browser session: the account and the stamp it was opened under.</summary>
    public static ClaimsPrincipal CreatePrincipal(Guid accountId, string securityStamp) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, accountId.ToString()), new Claim(SessionRevalidation.StampClaim, securityStamp)],
        CookieAuthenticationDefaults.AuthenticationScheme));

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var accounts = context.HttpContext.RequestServices.GetRequiredService<AccountService>();
        if (!await SessionRevalidation.IsValidAsync(accounts, context.Principal, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
    }

    // Pages are led to the sign-in form; whatever scripts fetch gets a status.
    private static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (ApiExceptionHandler.IsApi(context.Request.Path))
        {
            context.Response.StatusCode = status;
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }
}
