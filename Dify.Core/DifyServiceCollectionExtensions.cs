using Dify.Core.Accounts;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Egress;
using Dify.Core.Files;
using Dify.Core.Jobs;
using Dify.Core.Knowledge;
using Dify.Core.Models;
using Dify.Core.Realtime;
using Dify.Core.Sandbox;
using Dify.Core.Storage;
using Dify.Core.Tools;
using Dify.Core.Workflows;
using Dify.Core.Workspaces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dify.Core;

/// <summary>The one file that sees every feature.</summary>
public static class DifyServiceCollectionExtensions
{
    public static IServiceCollection AddDify(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DataFolder>();
        services.AddOptions<SiteUrls>().Bind(configuration.GetSection("Urls"));

        return services
            .AddStorage(configuration)
            .AddFiles(configuration)
            .AddJobs(configuration)
            .AddEgress(configuration)
            .AddRealtime(configuration)
            .AddAccounts(configuration)
            .AddWorkspaces(configuration)
            .AddModels(configuration)
            .AddSandbox(configuration)
            .AddTools()
            .AddKnowledge(configuration)
            .AddWorkflows(configuration)
            .AddApps(configuration)
            .AddChat(configuration);
    }
}
