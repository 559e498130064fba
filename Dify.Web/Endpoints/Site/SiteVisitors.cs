using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace Dify.Web.Endpoints;

/// <summary>
/// Knows a visitor of published web apps by a random cookie. The cookie is set with the page, because a circuit can set
/// none, and travels into the circuit as a claim. Only its hash is stored, so the store opens nobody's conversations.
/// </summary>
internal static class SiteVisitors
{
    public const string Cookie = "dify_site";
    private const string SessionClaim = "dify:site_session";
    private const int SecretBytes = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Stands after authentication and before the pages.</summary>
    public static void UseSiteVisitors(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var isPage = context.Request.Path.StartsWithSegments("/chat") || context.Request.Path.StartsWithSegments("/workflow");
        if (isPage || context.Request.Path.StartsWithSegments("/_blazor") || context.Request.Path.StartsWithSegments("/api/site"))
        {
            var secret = Read(context.Request);
            if (secret is null && isPage && HttpMethods.IsGet(context.Request.Method))
            {
                secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
                Write(context, secret);
            }

            if (secret is not null)
            {
                // No authentication type: a visitor is known, not signed in.
                context.User.AddIdentity(new ClaimsIdentity([new Claim(SessionClaim, Hash(secret))]));
            }
        }

        return next(context);
    });

    /// <summary>The visitor's session id, or null when the browser keeps no cookie.</summary>
    public static string? SessionOf(ClaimsPrincipal user) => user.FindFirstValue(SessionClaim);

    private static string? Read(HttpRequest request) =>
        request.Cookies[Cookie] is { Length: 43 } secret && Base64Url.IsValid(secret) ? secret : null;

    private static void Write(HttpContext context, string secret) => context.Response.Cookies.Append(
        Cookie, secret, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = Lifetime,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}
