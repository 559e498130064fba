using System.Text.Json.Nodes;
using Dify.Core.Accounts.Mail;
using Dify.Core.Apps;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Dify.Tests.Workflows.Drafts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Dify.Tests.Workflows.Runs;

/// <summary>A workflow app with the real nodes, on a store that several processes can share.</summary>
internal sealed class HumanWorld : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly Actor _owner;
    private readonly App _app;

    private HumanWorld(TestDatabase database, Actor owner, App app)
    {
        _database = database;
        _owner = owner;
        _app = app;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<HumanWorld> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite, IMailSender? mail = null)
    {
        var database = await TestDatabase.CreateAsync(
            kind,
            services =>
            {
                if (mail is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(mail));
                }

                services.Configure<Core.Common.SiteUrls>(urls => urls.AppWeb = "https://apps.example.com/");
            });
        var owner = await DraftWorld.AddWorkspaceAsync(database);
        var app = await database.Get<AppService>().CreateAsync(owner, new NewApp("Flow", AppMode.Workflow), Stop);
        return new HumanWorld(database, owner, app);
    }

    public T Get<T>()
        where T : notnull => _database.Get<T>();

    public ServiceProvider NewProcess() => _database.NewServices();

    /// <summary>Runs the graph to its first pause.</summary>
    public async Task<WorkflowRun> PauseAsync(TestGraph graph, JsonObject inputs)
    {
        var drafts = Get<WorkflowDraftService>();
        await drafts.SaveAsync(_owner, _app.Id, new WorkflowContent { Graph = graph.ToJson() }, cancellationToken: Stop);
        var started = await Get<WorkflowRunService>().StartDraftAsync(_owner, _app.Id, inputs, cancellationToken: Stop);
        var run = await started.Completion.WaitAsync(Stop);
        Assert.Equal((RunStatus.Paused, null), (run.Status, run.Error));
        return run;
    }

    /// <summary>The newest form of a run.</summary>
    public async Task<HumanInputForm> FormAsync(Guid runId)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.HumanInputForms.AsNoTracking().Where(form => form.RunId == runId).OrderByDescending(form => form.Id).FirstAsync(Stop);
    }

    public async Task<List<NodeExecution>> NodesAsync(Guid runId)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.NodeExecutions.AsNoTracking().Where(node => node.RunId == runId).OrderBy(node => node.Index).ToListAsync(Stop);
    }

    public async Task ChangeFormsAsync(Func<DbSet<HumanInputForm>, Task> change)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        await change(db.HumanInputForms);
    }

    /// <summary>Waits until the run has ended or paused, whatever process works on it.</summary>
    public async Task<WorkflowRun> EndOfAsync(Guid runId)
    {
        while (true)
        {
            await using (var db = await _database.Contexts.CreateDbContextAsync(Stop))
            {
                var run = await db.WorkflowRuns.AsNoTracking().SingleAsync(row => row.Id == runId, Stop);
                if (run.Status != RunStatus.Running)
                {
                    return run;
                }
            }

            await Task.Delay(10, Stop);
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
