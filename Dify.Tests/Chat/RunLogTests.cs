using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Runs;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Chat;

public sealed class RunLogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task An_answer_leaves_a_run_with_the_trace_of_its_nodes(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);

        var answer = await world.SendAsync("What is this?", stop: Stop);

        var message = await world.MessageAsync(answer["message_id"]!.ToString(), Stop);
        await using var db = await OpenAsync(world);
        var run = await db.WorkflowRuns.SingleAsync(row => row.Id == message.RunId, Stop);
        Assert.Equal((RunStatus.Succeeded, 18, 3, "service-api"), (run.Status, run.TotalTokens, run.TotalSteps, run.InvokeFrom));
        Assert.Contains(FakeOpenAiServer.DefaultAnswer, run.Outputs, StringComparison.Ordinal);
        var nodes = await db.NodeExecutions.Where(row => row.RunId == run.Id).OrderBy(row => row.Index).ToListAsync(Stop);
        Assert.Equal(["start", "llm", "answer"], nodes.Select(node => node.NodeType));
        Assert.Contains("Be short.", nodes[1].ProcessData, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_answer_leaves_a_run_with_the_reason()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        world.Model.OnChat = _ => new FakeOpenAiReply("no") { Status = 401 };

        await world.SendAsync("What is this?", stop: Stop);

        await using var db = await OpenAsync(world);
        var run = await db.WorkflowRuns.SingleAsync(Stop);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.NotNull(run.Error);
        var llm = await db.NodeExecutions.SingleAsync(row => row.NodeType == "llm", Stop);
        Assert.Equal((NodeStatus.Failed, "InvokeAuthorizationError"), (llm.Status, llm.ErrorType));
    }

    private static async Task<DifyDbContext> OpenAsync(ChatWorld world) =>
        await world.Host.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(Stop);
}
