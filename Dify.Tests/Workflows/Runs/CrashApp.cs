using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core;
using Dify.Core.Apps;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Tests.Workflows.Runs;

/// <summary>A store with a published workflow whose nodes ask the fake model, for processes that are killed.</summary>
internal sealed class CrashApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private CrashApp(ServiceProvider services, string folder, string token)
    {
        _services = services;
        Folder = folder;
        Token = token;
    }

    public string Folder { get; }

    public string Token { get; }

    public static async Task<CrashApp> CreateAsync(
        string baseUrl, TestGraph graph, IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("dify-crash-run-").FullName;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("DIFY_DATA_DIR", folder), .. settings]).Build();
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(configuration);
        collection.AddLogging();
        collection.AddDify(configuration);
        var services = collection.BuildServiceProvider();
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(stop);
        var account = await services.GetRequiredService<SetupService>().SetUpAsync(
            "owner@example.com", "Owner", "passw0rd1", cancellationToken: stop);
        var owner = await services.GetRequiredService<WorkspaceAccess>().GetActorAsync(account, cancellationToken: stop);
        await services.GetRequiredService<ProviderService>().SaveAsync(
            owner, "openai-compatible",
            new Dictionary<string, string?> { ["base_url"] = baseUrl, ["api_key"] = "sk-test" }, stop);
        var app = await services.GetRequiredService<AppService>().CreateAsync(owner, new NewApp("Long", AppMode.Workflow), stop);
        await services.GetRequiredService<WorkflowDraftService>().SaveAsync(
            owner, app.Id, new WorkflowContent { Graph = graph.ToJson() }, cancellationToken: stop);
        await services.GetRequiredService<AppService>().PublishAsync(owner, app.Id, stop);
        var (_, token) = await services.GetRequiredService<ApiKeyService>().CreateAsync(owner, ApiKeyKind.App, app.Id, stop);
        return new CrashApp(services, folder, token);
    }

    /// <summary>A node that asks the model with a text that names the run, the item and the node.</summary>
    public static JsonObject Asking(string node, string item = "") => new()
    {
        ["model"] = new JsonObject { ["provider"] = "openai-compatible", ["name"] = "fake-chat", ["mode"] = "chat", ["completion_params"] = new JsonObject() },
        ["prompt_template"] = new JsonArray(new JsonObject { ["role"] = "user", ["text"] = $"{{{{#sys.workflow_run_id#}}}} {node}{item}" }),
        ["context"] = new JsonObject { ["enabled"] = false },
        ["vision"] = new JsonObject { ["enabled"] = false },
    };

    public async Task<DifyProcess> StartAsync(IEnumerable<KeyValuePair<string, string>> environment, CancellationToken stop)
    {
        var process = await DifyProcess.StartAsync(Folder, environment, stop);
        process.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return process;
    }

    /// <summary>Starts a run and leaves its stream.</summary>
    public static async Task<Guid> RunAsync(HttpClient client, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workflows/run")
        {
            Content = JsonContent.Create(new JsonObject { ["inputs"] = new JsonObject(), ["user"] = "ann", ["response_mode"] = "streaming" }),
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync(stop);
        return (Guid)JsonNode.Parse(line!["data: ".Length..])!["workflow_run_id"]!;
    }

    public async Task<WorkflowRun> LoadAsync(Guid runId, CancellationToken stop)
    {
        await using var db = await OpenAsync(stop);
        return await db.WorkflowRuns.AsNoTracking().SingleAsync(run => run.Id == runId, stop);
    }

    /// <summary>Places and names of the nodes of a run that are stored as finished.</summary>
    public async Task<List<string>> FinishedAsync(Guid runId, CancellationToken stop)
    {
        await using var db = await OpenAsync(stop);
        return await db.NodeExecutions.Where(node => node.RunId == runId && node.NodeType == "llm" && node.FinishedAt != null)
            .Select(node => node.IterationIndex == null ? node.NodeId : node.NodeId + "#" + node.IterationIndex).ToListAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await TemporaryFolder.DeleteAsync(Folder);
    }

    private Task<DifyDbContext> OpenAsync(CancellationToken stop) =>
        _services.GetRequiredService<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(stop);
}
