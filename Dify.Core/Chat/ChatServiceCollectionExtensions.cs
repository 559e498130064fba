using Dify.Core.Apps;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Chat;

internal static class ChatServiceCollectionExtensions
{
    public static IServiceCollection AddChat(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ActiveRuns>();
        services.AddSingleton<EndUsers>();
        services.AddSingleton<FollowUpQuestions>();
        services.AddSingleton<ConversationVariables>();
        services.AddSingleton<ChatflowRunner>();
        services.AddSingleton<IRunContinuation>(provider => provider.GetRequiredService<ChatflowRunner>());
        services.AddSingleton<ChatDeletion>();
        services.AddSingleton<RunCreators>();
        services.AddSingleton<IAppDeletion>(provider => provider.GetRequiredService<ChatDeletion>());
        services.AddHostedService<ChatUpkeep>();
        services.AddSingleton(provider => new ConversationService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<EndUsers>(),
            provider.GetRequiredService<ChatDeletion>(),
            provider.GetRequiredService<FileLinks>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ChatService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<PublishedApps>(),
            provider.GetRequiredService<AppService>(),
            provider.GetRequiredService<GraphEngine>(),
            provider.GetRequiredService<IRunEventLog>(),
            provider.GetRequiredService<IStopSignals>(),
            provider.GetRequiredService<WriteBatcher>(),
            provider.GetRequiredService<ActiveRuns>(),
            provider.GetRequiredService<ChatflowRunner>(),
            provider.GetRequiredService<WorkflowRunService>(),
            provider.GetRequiredService<FollowUpQuestions>(),
            provider.GetRequiredService<StartInputs>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChatService>>()));
        return services;
    }
}
