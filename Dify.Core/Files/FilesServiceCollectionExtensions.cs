using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Files;

internal static class FilesServiceCollectionExtensions
{
    public static IServiceCollection AddFiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UploadLimits>().Bind(configuration.GetSection("Uploads"));
        services.AddSingleton<FileService>();
        return services;
    }
}
