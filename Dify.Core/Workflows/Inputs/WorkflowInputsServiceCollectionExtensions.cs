using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Workflows.Inputs;

internal static class WorkflowInputsServiceCollectionExtensions
{
    public static IServiceCollection AddWorkflowInputs(this IServiceCollection services) => services
        .AddSingleton<FileMapper>()
        .AddSingleton(provider => new StartInputs(provider.GetRequiredService<FileMapper>()));
}
