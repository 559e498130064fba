using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Workflows.Files;

internal static class WorkflowFilesServiceCollectionExtensions
{
    public static IServiceCollection AddWorkflowFiles(this IServiceCollection services) => services
        .AddSingleton<FileLinks>()
        .AddSingleton<FileValueBuilder>()
        .AddSingleton<ProducedFiles>()
        .AddSingleton<RemoteFiles>()
        .AddSingleton<IFileContents, FileContents>();
}
