using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Apps;

internal static class AppsServiceCollectionExtensions
{
    public static IServiceCollection AddApps(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<AppService>();
        services.AddSingleton<PublishedApps>();
        return services;
    }
}
