using Dify.Core.Common;
using Dify.Web.Components.Layout;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Knowledge;
using Dify.Web.Components.Pages.Studio;
using Dify.Web.Components.Pages.Studio.Transfer;
using Dify.Web.Components.Pages.Workflows.Runs;
using Dify.Web.Components.Shared;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Localization;
using MudBlazor;
using MudBlazor.Services;

namespace Dify.Web.Hosting;

internal static class DifyWebServiceCollectionExtensions
{
    /// <summary>Bytes of one message of a page; a longer one ends its circuit. Room for a form field of 20,000 characters.</summary>
    private const int LargestMessage = 128 * 1024;

    public static IServiceCollection AddDifyWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.AddMudServices(options =>
        {
            // At the foot of the page and at the left a notice hides neither the buttons of a page nor a chat's text box.
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomLeft;
            options.SnackbarConfiguration.VisibleStateDuration = 4_000;
            options.SnackbarConfiguration.PreventDuplicates = false;
        });
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            string[] cultures = ["en-US", "zh-Hans"];
            options.SetDefaultCulture(cultures[0]).AddSupportedCultures(cultures).AddSupportedUICultures(cultures);
            options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });

        // Bodies are read in the dialect that answers are written in.
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonDefaults.Wire.PropertyNamingPolicy;
            options.SerializerOptions.Encoder = JsonDefaults.Wire.Encoder;
            foreach (var converter in JsonDefaults.Wire.Converters)
            {
                options.SerializerOptions.Converters.Add(converter);
            }
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
        services.AddScoped<ImportedApps>();
        services.AddSingleton<RunWatching>();
        services.AddChatPages();
        services.AddDifyAuthentication();
        return services;
    }
}
