using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Runs;

/// <summary>
/// A real process is killed in the middle of runs of 30 nodes, again and again. What was stored as finished is never
/// asked of the model again, and every run ends.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class RunCrashTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, int> _calls = [];
    private int _count;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_kills_in_chains_of_thirty_nodes() => await KillAsync(Chain(28), 28, kills: 20);

    [Fact]
    public async Task Kills_in_an_iteration() => await KillAsync(Items(12), 13, kills: 4);

    [Fact]
    public async Task On_PostgreSQL_the_other_process_takes_over()
    {
        var database = await TestDatabase.CreatePostgresDatabaseAsync();
        try
        {
            await using var model = await StartModelAsync();
            Dictionary<string, string?> settings = new()
            {
                ["Storage:Kind"] = nameof(DatabaseKind.PostgreSql),
                ["Storage:ConnectionString"] = TestDatabase.PostgresConnectionString(database),
            };
            await using var app = await CrashApp.CreateAsync(model.BaseUrl, Chain(28), settings, Stop);
            var environment = settings.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value!);
            await using var first = await app.StartAsync(environment, Stop);
            await using var second = await app.StartAsync(environment, Stop);
            var run = await CrashApp.RunAsync(first.Client, Stop);
            await CallsAsync(10);
            await first.KillAsync();
            var finished = await app.FinishedAsync(run, Stop);

            await EndAsync(app, run);

            Check(run, 28, kills: 1);
            Assert.All(finished, node => Assert.Equal(1, _calls[$"{run} {node}"]));
            Assert.Equal(2, (await app.LoadAsync(run, Stop)).Life);
        }
        finally
        {
            await TestDatabase.DropPostgresDatabaseAsync(database);
        }
    }

    private async Task KillAsync(TestGraph graph, int asking, int kills)
    {
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Points(seed);
        await using var model = await StartModelAsync();
        await using var app = await CrashApp.CreateAsync(model.BaseUrl, graph, [], Stop);
        var killsOf = new Dictionary<Guid, int>();
        var finishedAtKill = new List<(string Node, int Calls)>();
        Guid? current = null;
        for (var kill = 0; kill < kills; kill++)
        {
            await using var process = await app.StartAsync([], Stop);
            if (current is not { } run || (await app.LoadAsync(run, Stop)).Status != RunStatus.Running)
            {
                current = run = await CrashApp.RunAsync(process.Client, Stop);
                killsOf[run] = 0;
            }

            await CallsAsync(random.Next(1, 9), () => app.LoadAsync(run, Stop));
            await Task.Delay(random.Next(0, 12), Stop);
            await process.KillAsync();
            killsOf[run]++;
            finishedAtKill.AddRange((await app.FinishedAsync(run, Stop)).Select(node => ($"{run} {node}", _calls[$"{run} {node}"])));
        }

        await using var last = await app.StartAsync([], Stop);
        foreach (var (run, count) in killsOf)
        {
            await EndAsync(app, run);
            Check(run, asking, count);
        }

        output.WriteLine($"{killsOf.Count} runs, {_count} calls, {finishedAtKill.Count} nodes were finished at kills");
        Assert.All(finishedAtKill, node => Assert.Equal(node.Calls, _calls[node.Node]));
    }

    private void Check(Guid run, int asking, int kills)
    {
        var calls = _calls.Where(call => call.Key.StartsWith($"{run} ", StringComparison.Ordinal)).ToList();
        Assert.Equal(asking, calls.Count);
        Assert.InRange(calls.Sum(call => call.Value), asking, asking + kills);
    }

    private static async Task EndAsync(CrashApp app, Guid runId)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Stop);
        while (true)
        {
            var run = await app.LoadAsync(runId, either.Token);
            if (run.Status != RunStatus.Running)
            {
                Assert.Equal((RunStatus.Succeeded, null), (run.Status, run.Error));
                return;
            }

            await Task.Delay(20, either.Token);
        }
    }

    /// <summary>Waits for so many further questions to the model, or the end of the run.</summary>
    private async Task CallsAsync(int more, Func<Task<WorkflowRun>>? load = null)
    {
        var wanted = Volatile.Read(ref _count) + more;
        while (Volatile.Read(ref _count) < wanted && (load is null || (await load()).Status == RunStatus.Running))
        {
            await Task.Delay(2, Stop);
        }
    }

    private async Task<FakeOpenAiServer> StartModelAsync()
    {
        var model = await FakeOpenAiServer.StartAsync();
        model.OnChat = request =>
        {
            _calls.AddOrUpdate(request.Body!["messages"]!.AsArray()[^1]!["content"]!.ToString(), 1, static (_, before) => before + 1);
            Interlocked.Increment(ref _count);
            return new FakeOpenAiReply("ok") { FirstTokenDelay = TimeSpan.FromMilliseconds(8) };
        };
        return model;
    }

    private static TestGraph Chain(int length)
    {
        var graph = new TestGraph();
        var before = "s";
        for (var i = 0; i < length; i++)
        {
            graph.Node($"n{i}", "llm", CrashApp.Asking($"n{i}")).Edge(before, $"n{i}");
            before = $"n{i}";
        }

        return graph.End("e", "said", before, "text").Edge(before, "e");
    }

    private static TestGraph Items(int count)
    {
        var inside = CrashApp.Asking("c", "#{{#it.index#}}");
        inside["iteration_id"] = "it";
        inside["isInIteration"] = true;
        return new TestGraph()
            .Node("list", "code", new JsonObject
            {
                ["code_language"] = "javascript",
                ["code"] = $"function main() {{ return {{ items: [...Array({count}).keys()].map(String) }} }}",
                ["variables"] = new JsonArray(),
                ["outputs"] = new JsonObject { ["items"] = new JsonObject { ["type"] = "array[string]", ["children"] = null } },
            })
            .Node("it", "iteration", new JsonObject
            {
                ["iterator_selector"] = new JsonArray("list", "items"),
                ["output_selector"] = new JsonArray("c", "text"),
                ["output_type"] = "array[string]",
                ["start_node_id"] = "its",
            })
            .Node("its", "iteration-start", new JsonObject { ["iteration_id"] = "it", ["isInIteration"] = true })
            .Node("c", "llm", inside)
            .Node("after", "llm", CrashApp.Asking("after"))
            .End("e", "said", "it", "output").Path("s", "list", "it", "after", "e").Path("its", "c");
    }

    /// <summary>Numbers that come again with the same seed.</summary>
    private sealed class Points(int seed)
    {
        private uint _state = (uint)seed | 1;

        public int Next(int from, int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return from + (int)(_state % (uint)(below - from));
        }
    }
}
