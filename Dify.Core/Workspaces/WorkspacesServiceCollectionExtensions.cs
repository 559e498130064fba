using Dify.Core.Workspaces.ApiKeys;
using Dify.Core.Workspaces.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Workspaces;

internal static class WorkspacesServiceCollectionExtensions
{
    public static IServiceCollection AddWorkspaces(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WorkspaceAccess>();
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<MasterKey>();
        services.AddSingleton<SecretBox>();
        services.AddHostedService<SecretKeyCheck>();
        return services;
    }
}
