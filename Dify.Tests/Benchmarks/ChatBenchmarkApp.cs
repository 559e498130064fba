using Dify.Core;
using Dify.Core.Apps;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Core.Workspaces.Setup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Tests.Benchmarks;

/// <summary>Fills an empty data folder with an owner, a model and one published app for each name of a model.</summary>
internal static class ChatBenchmarkApp
{
    /// <returns>The key of each app, in the order of the models.</returns>
    public static async Task<IReadOnlyList<string>> PrepareAsync(
        string folder, string baseUrl, IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        await using var provider = Open(folder);
        var owner = await SetUpAsync(provider, baseUrl, cancellationToken);
        var apps = provider.GetRequiredService<AppService>();
        var tokens = new List<string>();
        foreach (var model in models)
        {
            var app = await apps.CreateAsync(owner, new NewApp(model), cancellationToken);
            var config = new AppModelConfig
            {
                Model = new AppModelSelection("openai-compatible", model),
                PrePrompt = "Be short.",
            };
            await apps.SaveAndPublishAsync(owner, app.Id, config, cancellationToken);
            var (_, token) = await provider.GetRequiredService<ApiKeyService>().CreateAsync(
                owner, ApiKeyKind.App, app.Id, cancellationToken);
            tokens.Add(token);
        }

        return tokens;
    }

    /// <returns>The key of a published chatflow.</returns>
    public static async Task<string> PrepareChatflowAsync(
        string folder, string baseUrl, WorkflowContent content, CancellationToken cancellationToken)
    {
        await using var provider = Open(folder);
        var owner = await SetUpAsync(provider, baseUrl, cancellationToken);
        var apps = provider.GetRequiredService<AppService>();
        var app = await apps.CreateAsync(owner, new NewApp("Flow", AppMode.AdvancedChat), cancellationToken);
        await provider.GetRequiredService<WorkflowDraftService>().SaveAsync(owner, app.Id, content, cancellationToken: cancellationToken);
        await apps.PublishAsync(owner, app.Id, cancellationToken);
        return (await provider.GetRequiredService<ApiKeyService>().CreateAsync(owner, ApiKeyKind.App, app.Id, cancellationToken)).Token;
    }

    private static ServiceProvider Open(string folder)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("DIFY_DATA_DIR", folder)]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddDify(configuration);
        return services.BuildServiceProvider();
    }

    private static async Task<Actor> SetUpAsync(IServiceProvider provider, string baseUrl, CancellationToken cancellationToken)
    {
        await provider.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        var account = await provider.GetRequiredService<SetupService>().SetUpAsync(
            "owner@example.com", "Owner", "passw0rd1", cancellationToken: cancellationToken);
        var owner = await provider.GetRequiredService<WorkspaceAccess>().GetActorAsync(
            account, cancellationToken: cancellationToken);
        await provider.GetRequiredService<ProviderService>().SaveAsync(
            owner, "openai-compatible",
            new Dictionary<string, string?> { ["base_url"] = baseUrl, ["api_key"] = "sk-bench" }, cancellationToken);
        return owner;
    }
}
