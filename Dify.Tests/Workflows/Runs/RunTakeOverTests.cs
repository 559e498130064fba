using System.Text.Json.Nodes;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Runs;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Workflows.Runs;

/// <summary>Two processes on one store are two sets of services; the first is left hanging in the middle of a node.</summary>
public sealed class RunTakeOverTests
{
    private static readonly DateTimeOffset Late = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Another_process_goes_on_behind_the_last_finished_node_and_the_first_is_not_heard_any_more(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var hanging = new TaskCompletionSource();
        var atWork = new TaskCompletionSource();
        JsonNode? seen = null;
        world.Script("a", (_, _, _) => Task.FromResult(RunWorld.Gives("number", 1.0)));
        world.Script("b", async (run, call, _) =>
        {
            run.Variables.TryGet(["a", "number"], out seen);
            if (call == 1)
            {
                atWork.SetResult();
                await hanging.Task;
            }

            return RunWorld.Gives("text", $"b{call}");
        });
        var graph = new TestGraph().Node("a", "llm").Node("b", "llm").End("e", "said", "b", "text").Path("s", "a", "b", "e");
        var started = await world.StartAsync(graph);
        await atWork.Task.WaitAsync(Stop);

        await using var second = world.NewProcess();
        Assert.Equal(1, await second.GetRequiredService<RunTakeOver>().TakeOverAsync(Late, Stop));
        var run = await world.EndOfAsync(started.Id);

        Assert.Equal((RunStatus.Succeeded, """{"said":"b2"}""", 2, 4), (run.Status, run.Outputs, run.Life, run.TotalSteps));
        Assert.Equal((1, 2), (world.Calls[":a"], world.Calls[":b"]));
        Assert.Equal("1.0", seen!.ToJsonString());
        var events = await world.EventsAsync(run.Id, second);
        Assert.Equal("resumption", events[0]["data"]!["reason"]!.ToString());
        Assert.Equal(["b", "e"], events.Where(e => e["event"]!.ToString() == "node_started").Select(e => e["data"]!["node_id"]!.ToString()));

        hanging.SetResult();
        await started.Completion.WaitAsync(Stop);
        Assert.Equal(run.Outputs, (await world.LoadAsync(run.Id)).Outputs);
        Assert.Equal(["s", "a", "b", "e"], (await world.LoadNodesAsync(run.Id)).OrderBy(n => n.FinishedAs).Select(n => n.NodeId));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_run_is_taken_by_one_process_only_and_not_while_it_shows_life(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var (started, hanging) = await HangAsync(world);
        await using var second = world.NewProcess();
        await using var third = world.NewProcess();
        var (one, other) = (second.GetRequiredService<RunTakeOver>(), third.GetRequiredService<RunTakeOver>());

        Assert.Equal(0, await one.TakeOverAsync(started.CreatedAt.AddSeconds(-1), Stop));
        Assert.Equal(0, await world.Get<RunTakeOver>().TakeOverAsync(Late, Stop));
        var beforeClaims = TimeProvider.System.GetUtcNow();
        var taken = await Task.WhenAll(one.TakeOverAsync(beforeClaims, Stop), other.TakeOverAsync(beforeClaims, Stop));

        Assert.Equal(1, taken.Sum());
        Assert.Equal(RunStatus.Succeeded, (await world.EndOfAsync(started.Id)).Status);
        Assert.Equal(2, world.Calls[":m"]);
        hanging.SetResult();
    }

    [Fact]
    public async Task A_sign_of_life_is_given_for_all_runs_of_the_process()
    {
        await using var world = await RunWorld.CreateAsync();
        var (started, hanging) = await HangAsync(world);
        await world.ChangeAsync(db => db.WorkflowRuns.ExecuteUpdateAsync(set => set.SetProperty(run => run.AliveAt, DateTimeOffset.UnixEpoch), Stop));

        await world.Get<LiveRuns>().KeepAliveAsync();

        Assert.InRange((await world.LoadAsync(started.Id)).AliveAt, started.CreatedAt, Late);
        hanging.SetResult();
        await started.Completion.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_run_whose_version_is_gone_ends_failed_with_the_reason()
    {
        await using var world = await RunWorld.CreateAsync();
        var (started, hanging) = await HangAsync(world);
        await world.ChangeAsync(db => db.Set<Dify.Core.Workflows.Drafts.WorkflowVersion>().ExecuteDeleteAsync(Stop));
        await using var second = world.NewProcess();

        await second.GetRequiredService<RunTakeOver>().TakeOverAsync(Late, Stop);

        var run = await world.LoadAsync(started.Id);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("was deleted", run.Error, StringComparison.Ordinal);
        Assert.NotNull(run.FinishedAt);
        hanging.SetResult();
        await started.Completion.WaitAsync(Stop);
        Assert.Equal(RunStatus.Failed, (await world.LoadAsync(started.Id)).Status);
    }

    [Fact]
    public async Task A_run_that_ends_every_process_is_given_up()
    {
        await using var world = await RunWorld.CreateAsync();
        var hanging = new TaskCompletionSource();
        world.Script("m", async (_, _, _) =>
        {
            await hanging.Task;
            return RunWorld.Gives("text", "m");
        });
        var started = await world.StartAsync(new TestGraph().Node("m", "llm").Path("s", "m"));
        while (!world.Calls.ContainsKey(":m"))
        {
            await Task.Delay(5, Stop);
        }

        var processes = new List<ServiceProvider>();
        for (var life = 1; life <= RunTakeOver.MostStalls + 1; life++)
        {
            processes.Add(world.NewProcess());
            Assert.Equal(1, await processes[^1].GetRequiredService<RunTakeOver>().TakeOverAsync(Late, Stop));
        }

        var run = await world.LoadAsync(started.Id);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("given up", run.Error, StringComparison.Ordinal);
        hanging.SetResult();
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_process_that_ends_lets_its_runs_go_and_the_next_takes_them_over_at_once(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var atWork = new TaskCompletionSource();
        world.Script("a");
        world.Script("b", async (_, call, stop) =>
        {
            if (call == 1)
            {
                atWork.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }

            return RunWorld.Gives("text", "b");
        });
        var graph = new TestGraph().Node("a", "llm").Node("b", "llm").End("e", "said", "b", "text").Path("s", "a", "b", "e");
        var version = await world.AddVersionAsync(graph);
        var first = world.NewProcess();
        var started = await first.GetRequiredService<WorkflowRunService>().StartAsync(world.Request(version), Stop);
        await atWork.Task.WaitAsync(Stop);

        await first.DisposeAsync();

        Assert.Equal(RunStatus.Running, (await started.Completion.WaitAsync(Stop)).Status);
        Assert.Equal(RunStatus.Running, (await world.LoadAsync(started.Id)).Status);
        Assert.Equal(1, await world.Get<RunTakeOver>().TakeOverAsync(started.CreatedAt.AddSeconds(-30), Stop));
        Assert.Equal(RunStatus.Succeeded, (await world.EndOfAsync(started.Id)).Status);
        Assert.Equal(1, world.Calls[":a"]);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Items_of_an_iteration_that_are_done_are_not_done_again(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var hanging = new TaskCompletionSource();
        var atWork = new TaskCompletionSource();
        world.Script("list", (_, _, _) => Task.FromResult(RunWorld.Gives("items", new JsonArray("x", "y", "z"))));
        world.Script("c", async (run, call, _) =>
        {
            run.Variables.TryGet(["it", "item"], out var item);
            if (item!.ToString() == "y" && call == 1)
            {
                atWork.SetResult();
                await hanging.Task;
            }

            return RunWorld.Gives("text", $"<{item}>");
        });
        var graph = new TestGraph().Node("list", "code")
            .Node("it", "iteration", new JsonObject
            {
                ["iterator_selector"] = new JsonArray("list", "items"),
                ["output_selector"] = new JsonArray("c", "text"),
                ["start_node_id"] = "its",
            })
            .Node("its", "iteration-start", new JsonObject { ["iteration_id"] = "it" })
            .Node("c", "llm", new JsonObject { ["iteration_id"] = "it" })
            .End("e", "said", "it", "output").Path("s", "list", "it", "e").Path("its", "c");
        var started = await world.StartAsync(graph);
        await atWork.Task.WaitAsync(Stop);

        await using var second = world.NewProcess();
        await second.GetRequiredService<RunTakeOver>().TakeOverAsync(Late, Stop);
        var run = await world.EndOfAsync(started.Id);

        Assert.Equal((RunStatus.Succeeded, """{"said":["<x>","<y>","<z>"]}"""), (run.Status, run.Outputs));
        Assert.Equal((1, 1, 2, 1), (world.Calls[":list"], world.Calls["it#0:c"], world.Calls["it#1:c"], world.Calls["it#2:c"]));
        var inside = (await world.LoadNodesAsync(run.Id)).Where(node => node.NodeId == "c").OrderBy(node => node.IterationIndex).ToList();
        Assert.Equal([("it", 0), ("it", 1), ("it", 2)], inside.Select(node => (node.IterationId!, node.IterationIndex!.Value)));
        Assert.Single(await world.LoadNodesAsync(run.Id), node => node.NodeId == "it");
        var names = (await world.EventsAsync(run.Id, second)).Select(e => e["event"]!.ToString()).ToList();
        Assert.Equal(1, names.Count(name => name == "iteration_completed"));
        hanging.SetResult();
        await started.Completion.WaitAsync(Stop);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_paused_run_waits_and_goes_on_when_it_is_resumed(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var graph = PausingGraph(world);
        var started = await world.StartAsync(graph);
        var paused = await started.Completion.WaitAsync(Stop);

        Assert.Equal(RunStatus.Paused, paused.Status);
        var stored = await world.LoadAsync(started.Id);
        Assert.Equal((RunStatus.Paused, null), (stored.Status, stored.FinishedAt));
        var events = await world.EventsAsync(started.Id);
        Assert.Equal(["human_input_required", "workflow_paused"], events.TakeLast(2).Select(e => e["event"]!.ToString()));
        Assert.Equal("f1", events[^2]["data"]!["form_id"]!.ToString());
        Assert.Equal("""["h"]""", events[^1]["data"]!["paused_nodes"]!.ToJsonString());
        Assert.Equal(0, await world.Get<RunTakeOver>().TakeOverAsync(Late, Stop));
        var told = await world.Get<RunWatcher>().WatchAsync(started.Id, cancellationToken: Stop).ToListAsync(Stop);
        Assert.Equal("workflow_paused", Assert.Single(told).Name);

        await using var second = world.NewProcess();
        await second.GetRequiredService<WorkflowRunService>().ResumeAsync(started.Id, Stop);
        var run = await world.EndOfAsync(started.Id);

        Assert.Equal((RunStatus.Succeeded, """{"said":"h"}"""), (run.Status, run.Outputs));
        Assert.Equal((1, 2), (world.Calls[":a"], world.Calls[":h"]));
        Assert.Equal("resumption", (await world.EventsAsync(started.Id, second))[0]["data"]!["reason"]!.ToString());
        await second.GetRequiredService<WorkflowRunService>().ResumeAsync(started.Id, Stop);
        Assert.Equal(2, (await world.LoadAsync(started.Id)).Life);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task An_answer_that_nobody_acted_on_is_found_and_a_stop_withdraws_the_form(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var (answered, stopped) = (await world.StartAsync(PausingGraph(world)), await world.StartAsync(PausingGraph(world)));
        await Task.WhenAll(answered.Completion, stopped.Completion).WaitAsync(Stop);
        await world.Get<WriteBatcher>().AddAsync(
            Form(world, answered.Id, HumanInputFormStatus.Submitted), Form(world, stopped.Id, HumanInputFormStatus.Waiting));

        Assert.Equal(1, await world.Get<RunTakeOver>().ResumeAnsweredAsync(cancellationToken: Stop));
        await world.Get<WorkflowRunService>().StopAsync(world.Owner.WorkspaceId, world.App.Id, stopped.Id, Stop);

        Assert.Equal(RunStatus.Succeeded, (await world.EndOfAsync(answered.Id)).Status);
        Assert.Equal(RunStatus.Stopped, (await world.LoadAsync(stopped.Id)).Status);
        await world.ChangeAsync(async db => Assert.Equal(
            HumanInputFormStatus.Withdrawn, (await db.HumanInputForms.SingleAsync(form => form.RunId == stopped.Id, Stop)).Status));
    }

    private static HumanInputForm Form(RunWorld world, Guid runId, HumanInputFormStatus status) => new()
    {
        WorkspaceId = world.Owner.WorkspaceId,
        AppId = world.App.Id,
        RunId = runId,
        NodeId = "h",
        Token = Guid.CreateVersion7().ToString("N"),
        Definition = "{}",
        Status = status,
        CreatedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1),
    };

    private static TestGraph PausingGraph(RunWorld world)
    {
        world.Script("a");
        var seen = new HashSet<Guid>();
        world.Script("h", (run, _, _) => Task.FromResult(seen.Add(run.Context.RunId)
            ? NodeOutput.Pause(new JsonObject { ["TYPE"] = "human_input_required", ["form_id"] = "f1", ["node_id"] = "h" })
            : NodeOutput.End(new NodeResult
            {
                Status = NodeStatus.Succeeded,
                EdgeSourceHandle = "ok",
                Outputs = new JsonObject { ["text"] = "h" },
            })));
        return new TestGraph().Node("a", "llm").Node("h", "human-input").End("e", "said", "h", "text").Path("s", "a", "h").Edge("h", "e", "ok");
    }

    /// <summary>A run whose node hangs in its first call.</summary>
    private static async Task<(StartedRun Run, TaskCompletionSource Hanging)> HangAsync(RunWorld world)
    {
        var hanging = new TaskCompletionSource();
        var atWork = new TaskCompletionSource();
        world.Script("m", async (_, call, _) =>
        {
            if (call == 1)
            {
                atWork.SetResult();
                await hanging.Task;
            }

            return RunWorld.Gives("text", "m");
        });
        var run = await world.StartAsync(new TestGraph().Node("m", "llm").Path("s", "m"));
        await atWork.Task.WaitAsync(Stop);
        return (run, hanging);
    }
}
