using Dify.Core.Files.Disk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Files;

internal static class FilesServiceCollectionExtensions
{
    public static IServiceCollection AddFiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UploadLimits>().Bind(configuration.GetSection("Uploads")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IBlobStore, DiskBlobStore>();
        services.AddSingleton<FileService>();
        return services;
    }
}
