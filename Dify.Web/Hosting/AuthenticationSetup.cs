using Microsoft.AspNetCore.Authentication.Cookies;

namespace Dify.Web.Hosting;

/// <summary>Browsers sign in with an HttpOnly cookie; programs bring a bearer token or an API key.</summary>
internal static class AuthenticationSetup
{
    public static IServiceCollection AddDifyAuthentication(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options =>
            {
                options.Cookie.Name = "dify_session";
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.LoginPath = "/signin";
                options.ExpireTimeSpan = TimeSpan.FromDays(30);
                options.SlidingExpiration = true;
            });
        services.AddAuthorization();
        return services;
    }
}
