using Dify.Core.Accounts;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Localization;

namespace Dify.Web.Endpoints;

/// <summary>Sets and removes the cookies that a page on a circuit cannot: session and language.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/signin/complete", CompleteAsync).AllowAnonymous();
        routes.MapPost("/signout", SignOutAsync).AllowAnonymous().DisableAntiforgery();
        routes.MapGet("/language", SetLanguage).AllowAnonymous();
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext http, SignInTickets tickets, AccountService accounts, TimeProvider time, string? ticket, string? to)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (CameFromElsewhere(http) || tickets.Take(ticket) is not { } granted)
        {
            return Results.Redirect("/signin");
        }

        var stamp = await accounts.GetSecurityStampAsync(granted.AccountId, http.RequestAborted);
        var profile = await accounts.GetProfileAsync(granted.AccountId, http.RequestAborted);
        await http.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            AuthenticationSetup.CreatePrincipal(granted.AccountId, stamp),
            new AuthenticationProperties { IsPersistent = granted.Remember, IssuedUtc = time.GetUtcNow() });
        AppendLanguage(http, time, profile.InterfaceLanguage);
        return Results.Redirect(LocalAddress.OrHome(to));
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.Text("This form is too old. Go back, reload the page and try again.", statusCode: 403);
        }

        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.Redirect("/signin");
    }

    private static IResult SetLanguage(HttpContext http, TimeProvider time, string? culture, string? to)
    {
        if (!CameFromElsewhere(http))
        {
            AppendLanguage(http, time, AccountRules.LanguageOrDefault(culture));
        }

        return Results.Redirect(LocalAddress.OrHome(to));
    }

    // Browsers name the site that a navigation comes from; another site must not sign anyone in or change the language.
    private static bool CameFromElsewhere(HttpContext http) =>
        http.Request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none");

    private static void AppendLanguage(HttpContext http, TimeProvider time, string culture) => http.Response.Cookies.Append(
        CookieRequestCultureProvider.DefaultCookieName,
        CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
        new CookieOptions
        {
            Expires = time.GetUtcNow().AddYears(1),
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
        });
}
