using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Dify.Tests.Workflows.Drafts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

using NodeExecution = Dify.Core.Workflows.Runs.NodeExecution;

namespace Dify.Tests.Workflows.Runs;

/// <summary>A store with a workflow app whose nodes with effects are scripts; calls are counted by path and node.</summary>
internal sealed class RunWorld : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private RunWorld(TestDatabase database, ScriptedNodes nodes, Actor owner, App app)
    {
        _database = database;
        Nodes = nodes;
        Owner = owner;
        App = app;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ScriptedNodes Nodes { get; }

    public Actor Owner { get; }

    public App App { get; }

    public ConcurrentDictionary<string, int> Calls { get; } = [];

    public IServiceProvider Services => _database.Services;

    public static async Task<RunWorld> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite)
    {
        var nodes = new ScriptedNodes();
        var database = await TestDatabase.CreateAsync(kind, services => services.Replace(ServiceDescriptor.Singleton<INodeFactory>(nodes)));
        var owner = await DraftWorld.AddWorkspaceAsync(database);
        var app = await database.Get<AppService>().CreateAsync(owner, new NewApp("Flow", AppMode.Workflow), Stop);
        return new RunWorld(database, nodes, owner, app);
    }

    public T Get<T>()
        where T : notnull => _database.Get<T>();

    /// <summary>Another process on the same store.</summary>
    public ServiceProvider NewProcess() => _database.NewServices();

    /// <summary>Makes a node count its calls and then do what the script says; by default it gives its id as <c>text</c>.</summary>
    public void Script(string nodeId, Func<NodeRun, int, CancellationToken, Task<NodeOutput>>? work = null) =>
        Nodes.Scripts[nodeId] = (run, stop) => WorkAsync(run, work, stop);

    public async Task<Guid> AddVersionAsync(TestGraph graph, string secret = "")
    {
        var drafts = Get<WorkflowDraftService>();
        var content = new WorkflowContent
        {
            Graph = graph.ToJson(),
            EnvironmentVariables = secret.Length > 0 ? [DraftWorld.Secret(secret)] : [],
        };
        await drafts.SaveAsync(Owner, App.Id, content, cancellationToken: Stop);
        return await drafts.SnapshotAsync(Owner, App.Id, Stop);
    }

    public WorkflowRunRequest Request(Guid versionId, JsonObject? inputs = null) => new()
    {
        WorkspaceId = Owner.WorkspaceId,
        AppId = App.Id,
        VersionId = versionId,
        UserId = "0197c3a0-0000-7000-8000-000000000001",
        InvokeFrom = "service-api",
        Inputs = inputs ?? [],
    };

    public async Task<StartedRun> StartAsync(TestGraph graph, JsonObject? inputs = null, string secret = "") =>
        await Get<WorkflowRunService>().StartAsync(Request(await AddVersionAsync(graph, secret), inputs), Stop);

    public async Task<WorkflowRun> RunAsync(TestGraph graph, JsonObject? inputs = null) =>
        await (await StartAsync(graph, inputs)).Completion.WaitAsync(Stop);

    public async Task<WorkflowRun> LoadAsync(Guid runId)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.WorkflowRuns.AsNoTracking().SingleAsync(run => run.Id == runId, Stop);
    }

    public async Task<List<NodeExecution>> LoadNodesAsync(Guid runId)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.NodeExecutions.AsNoTracking().Where(node => node.RunId == runId).OrderBy(node => node.Index).ToListAsync(Stop);
    }

    public async Task ChangeAsync(Func<DifyDbContext, Task> change)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        await change(db);
    }

    /// <summary>Waits until the run has ended or paused, whatever process works on it.</summary>
    public async Task<WorkflowRun> EndOfAsync(Guid runId)
    {
        while (true)
        {
            var run = await LoadAsync(runId);
            if (run.Status != RunStatus.Running)
            {
                return run;
            }

            await Task.Delay(10, Stop);
        }
    }

    public async Task<List<JsonObject>> EventsAsync(Guid runId, IServiceProvider? process = null) =>
        await (process ?? Services).GetRequiredService<IRunEventLog>().WatchAsync(runId, 0, Stop)
            .Select(happened => JsonNode.Parse(happened.Json)!.AsObject()).ToListAsync(Stop);

    public static NodeOutput Gives(string name, JsonNode? value, JsonObject? inputs = null) => NodeOutput.End(new NodeResult
    {
        Status = NodeStatus.Succeeded,
        Inputs = inputs ?? [],
        Outputs = new JsonObject { [name] = value },
    });

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async IAsyncEnumerable<NodeOutput> WorkAsync(
        NodeRun run, Func<NodeRun, int, CancellationToken, Task<NodeOutput>>? work, [EnumeratorCancellation] CancellationToken stop)
    {
        var call = Calls.AddOrUpdate($"{run.Path}:{run.Node.Id}", 1, static (_, before) => before + 1);
        yield return work is null ? Gives("text", run.Node.Id) : await work(run, call, stop);
    }
}
