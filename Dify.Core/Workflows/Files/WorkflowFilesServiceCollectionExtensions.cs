using Dify.Core.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Files;

internal static class WorkflowFilesServiceCollectionExtensions
{
    public static IServiceCollection AddWorkflowFiles(this IServiceCollection services) => services
        .AddSingleton<FileLinks>()
        .AddSingleton<FileValueBuilder>()
        .AddSingleton<ProducedFiles>()
        .AddSingleton<RemoteFiles>()
        .AddSingleton(provider => new RemoteUploads(
            provider.GetRequiredService<RemoteFiles>(), provider.GetRequiredService<FileService>(), provider.GetRequiredService<IOptions<UploadLimits>>()))
        .AddSingleton<IFileContents, FileContents>();
}
