using System.Diagnostics;
using System.Text.Json.Nodes;
using Dify.Core;
using Dify.Core.Apps;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Dify.Tests.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Tests.Benchmarks;

/// <summary>Whole runs of a workflow on SQLite: journal, log and events included.</summary>
internal static class RunBenchmark
{
    private const int Length = 20;
    private const int Parallel = 100;
    private const int Settled = 2_000;
    private const int Many = 10_000;

    private static readonly JsonObject Case = new()
    {
        ["case_id"] = "true",
        ["logical_operator"] = "and",
        ["conditions"] = new JsonArray(new JsonObject
        {
            ["variable_selector"] = new JsonArray("s", "x"),
            ["comparison_operator"] = "contains",
            ["value"] = "hello",
        }),
    };

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dify-bench-runs-").FullName;
        try
        {
            await using var provider = Build(folder);
            var request = await PrepareAsync(provider, cancellationToken);
            return await MeasureAsync(provider, request, cancellationToken);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            await TemporaryFolder.DeleteAsync(folder);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(
        ServiceProvider provider, WorkflowRunRequest request, CancellationToken cancellationToken)
    {
        var runs = provider.GetRequiredService<WorkflowRunService>();
        var writes = provider.GetRequiredService<WriteBatcher>();
        await OneByOneAsync(runs, request, 300, cancellationToken);
        var commits = writes.Commits;
        var worked = Process.GetCurrentProcess().TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await OneByOneAsync(runs, request, 300, cancellationToken);
        var alone = Stopwatch.GetElapsedTime(start).TotalMilliseconds / 300;
        var busy = (Process.GetCurrentProcess().TotalProcessorTime - worked).TotalMilliseconds / 300;
        var transactions = (writes.Commits - commits) / 300.0;

        start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => OneByOneAsync(runs, request, 1, cancellationToken)));
        var together = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        await ManyAsync(runs, request, Settled, cancellationToken);
        var before = Memory();
        start = Stopwatch.GetTimestamp();
        await ManyAsync(runs, request, Many, cancellationToken);
        var many = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return
        [
            new Figure("chain of 20 template and if-else, journalled, a node", alone / (Length + 2), "ms", 0.4, AtMost: true),
            Figure.Note("the same, processor time a node", busy / (Length + 2), "ms"),
            new Figure("transactions of such a run", transactions, "", 3, AtMost: true),
            Figure.Note("100 such runs side by side, all", together, "ms"),
            Figure.Note("10,000 such runs, a second", Many / many, "runs"),
            new Figure("memory that 10,000 runs leave behind", (Memory() - before) / 1024.0 / 1024.0, "MB", 10, AtMost: true),
        ];
    }

    private static ServiceProvider Build(string folder)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("DIFY_DATA_DIR", folder)]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddDify(configuration);
        return services.BuildServiceProvider();
    }

    private static async Task<WorkflowRunRequest> PrepareAsync(ServiceProvider provider, CancellationToken cancellationToken)
    {
        await provider.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        var workspace = new Workspace { Name = "Bench" };
        await provider.GetRequiredService<WriteBatcher>().AddAsync(workspace);
        var owner = new Actor(workspace.Id, Guid.CreateVersion7(), Role.Owner);
        var app = await provider.GetRequiredService<AppService>().CreateAsync(owner, new NewApp("Chain", AppMode.Workflow), cancellationToken);
        var drafts = provider.GetRequiredService<WorkflowDraftService>();
        await drafts.SaveAsync(owner, app.Id, new WorkflowContent { Graph = Chain().ToJson() }, cancellationToken: cancellationToken);
        return new WorkflowRunRequest
        {
            WorkspaceId = workspace.Id,
            AppId = app.Id,
            VersionId = await drafts.SnapshotAsync(owner, app.Id, cancellationToken),
            UserId = owner.AccountId.ToString(),
            InvokeFrom = "service-api",
            Inputs = new JsonObject { ["x"] = "say hello" },
        };
    }

    private static async Task OneByOneAsync(
        WorkflowRunService runs, WorkflowRunRequest request, int times, CancellationToken cancellationToken)
    {
        for (var i = 0; i < times; i++)
        {
            var started = await runs.StartAsync(request, cancellationToken);
            var run = await started.Completion.WaitAsync(cancellationToken);
            if (run.Status != RunStatus.Succeeded)
            {
                throw new InvalidOperationException(run.Error);
            }
        }
    }

    private static Task ManyAsync(WorkflowRunService runs, WorkflowRunRequest request, int times, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, 50).Select(_ => OneByOneAsync(runs, request, times / 50, cancellationToken)));

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static TestGraph Chain()
    {
        var graph = new TestGraph("x");
        var before = ("s", "source");
        for (var i = 0; i < Length; i++)
        {
            var id = $"n{i}";
            graph.Edge(before.Item1, id, before.Item2);
            if (i % 2 == 0)
            {
                graph.Node(id, "template-transform", new JsonObject
                {
                    ["template"] = "Dear {{ x }}!",
                    ["variables"] = new JsonArray(new JsonObject { ["variable"] = "x", ["value_selector"] = new JsonArray("s", "x") }),
                });
                before = (id, "source");
            }
            else
            {
                graph.Node(id, "if-else", new JsonObject { ["cases"] = new JsonArray(Case.DeepClone()) });
                before = (id, "true");
            }
        }

        return graph.End("e", "v", "n0", "output").Edge(before.Item1, "e", before.Item2);
    }
}
