using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Inputs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Workflows.Runs;

internal static class WorkflowRunsServiceCollectionExtensions
{
    public static IServiceCollection AddWorkflowRuns(this IServiceCollection services)
    {
        services.AddSingleton<LiveRuns>();
        services.AddSingleton<RunJournals>();
        services.AddSingleton<RunHistory>();
        services.AddSingleton<WorkflowRunner>();
        services.AddSingleton<IRunContinuation>(provider => provider.GetRequiredService<WorkflowRunner>());
        services.AddSingleton<SingleNodeRunner>();
        services.AddSingleton<RunTakeOver>();
        services.AddHostedService<RunUpkeep>();
        services.AddSingleton(provider => new RunWatcher(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<IRunEventLog>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton(provider => new WorkflowRunService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<WorkflowDraftService>(),
            provider.GetRequiredService<WorkflowVersions>(),
            provider.GetRequiredService<StartInputs>(),
            provider.GetRequiredService<WorkflowRunner>(),
            provider.GetRequiredService<SingleNodeRunner>(),
            provider.GetRequiredService<RunTakeOver>(),
            provider.GetRequiredService<IStopSignals>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
