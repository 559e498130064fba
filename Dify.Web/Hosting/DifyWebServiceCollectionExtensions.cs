using Dify.Core.Common;
using Dify.Web.Components.Layout;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Knowledge;
using Dify.Web.Components.Pages.Studio;
using Dify.Web.Components.Shared;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Localization;
using MudBlazor.Services;

namespace Dify.Web.Hosting;

internal static class DifyWebServiceCollectionExtensions
{
    public static IServiceCollection AddDifyWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            string[] cultures = ["en-US", "zh-Hans"];
            options.SetDefaultCulture(cultures[0]).AddSupportedCultures(cultures).AddSupportedUICultures(cultures);
            options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });

        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddProblemDetails();
        services.AddHttpContextAccessor();
        services.AddDataProtection().PersistKeysToFileSystem(
            new DirectoryInfo(new DataFolder(configuration).PathOf("keys", "x")).Parent!);

        services.AddCascadingAuthenticationState();
        services.AddScoped<CurrentMember>();
        services.AddScoped<ThemePreference>();
        services.AddScoped<UserFeedback>();
        services.AddScoped<DocumentActions>();
        services.AddScoped<AppAddresses>();
        services.AddChatPages();
        services.AddDifyAuthentication();
        return services;
    }
}
