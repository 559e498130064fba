using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workflows.Variables;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class RunRecorderTests
{
    private readonly ScriptedNodes _nodes = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_run_is_stored_with_its_nodes_and_goes_with_its_app(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var app = await AddAppAsync(database);
        _nodes.Scripts["m"] = (_, _) => throw new NodeFailedException("no \0 model", "InvokeRateLimitError");
        var graph = new TestGraph().Node("m", "llm").Answer("a", "{{#m.text#}}").Path("s", "m", "a").Build();
        var recorder = await RecordAsync(graph, Context(app), new JsonObject { ["topic"] = "自然" });

        await using (var db = await database.Contexts.CreateDbContextAsync(Cancellation))
        {
            recorder.Stage(db);
            await db.SaveChangesAsync(Cancellation);
        }

        await using (var db = await database.Contexts.CreateDbContextAsync(Cancellation))
        {
            var run = await db.WorkflowRuns.SingleAsync(row => row.Id == recorder.Run.Id, Cancellation);
            Assert.Equal((RunStatus.Failed, "no  model", 2), (run.Status, run.Error, run.TotalSteps));
            Assert.Equal("""{"topic":"自然"}""", run.Inputs);
            var nodes = await db.NodeExecutions.Where(row => row.RunId == run.Id).OrderBy(row => row.Index).ToListAsync(Cancellation);
            Assert.Equal([("s", NodeStatus.Succeeded), ("m", NodeStatus.Failed)], nodes.Select(node => (node.NodeId, node.Status)));
            Assert.Equal("InvokeRateLimitError", nodes[1].ErrorType);
            Assert.Equal("s", nodes[1].PredecessorNodeId);

            await db.Apps.Where(row => row.Id == app.Id).ExecuteDeleteAsync(Cancellation);
            Assert.Equal(0, await db.NodeExecutions.CountAsync(row => row.RunId == run.Id, Cancellation));
        }
    }

    [Fact]
    public async Task Long_values_are_cut_and_the_others_kept()
    {
        var inputs = new JsonObject { ["long"] = new string('x', 300_000), ["short"] = "y", ["list"] = new JsonArray(1, 2) };

        var recorder = await RecordAsync(new TestGraph().Build(), TestRuns.Context(), inputs);

        var stored = JsonNode.Parse(recorder.Run.Inputs)!.AsObject();
        Assert.InRange(stored["long"]!.ToString().Length, 200_000, 210_000);
        Assert.EndsWith("(300000 characters, cut)", stored["long"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("y", stored["short"]!.ToString());
        Assert.Equal("[1,2]", stored["list"]!.ToJsonString());
    }

    private static RunContext Context(App app) => new()
    {
        RunId = Guid.CreateVersion7(), WorkspaceId = app.WorkspaceId, AppId = app.Id, UserId = "u", InvokeFrom = "service-api",
    };

    private static async Task<App> AddAppAsync(TestDatabase database)
    {
        var workspace = new Workspace { Name = "w" };
        var app = new App { WorkspaceId = workspace.Id, Name = "a", Draft = new AppModelConfig(), SiteCode = Guid.CreateVersion7().ToString("N") };
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        db.AddRange(workspace, app);
        await db.SaveChangesAsync(Cancellation);
        return app;
    }

    private async Task<RunRecorder> RecordAsync(
        Dify.Core.Workflows.Definitions.GraphDefinition graph, RunContext context, JsonObject inputs)
    {
        var recorder = new RunRecorder(context, inputs, TimeProvider.System);
        var engine = new GraphEngine(_nodes, TimeProvider.System, Options.Create(new EngineOptions()));
        await foreach (var happened in engine.RunAsync(new GraphRunRequest(graph, new VariablePool(), context), Cancellation))
        {
            recorder.Observe(happened);
        }

        return recorder;
    }
}
