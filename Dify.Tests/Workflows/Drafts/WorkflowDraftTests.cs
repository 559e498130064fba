using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Workflows.Drafts;

public sealed class WorkflowDraftTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_secret_is_encrypted_masked_and_kept_when_it_comes_back_masked(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var content = (await world.Drafts.GetAsync(world.Owner, world.App.Id, Stop)).Content with
        {
            EnvironmentVariables = [DraftWorld.Secret("sk-very-secret"), new("v2", "CITY", "string", "Kyoto")],
        };
        var saved = await world.Drafts.SaveAsync(world.Owner, world.App.Id, content, 0, null, Stop);
        Assert.Equal((1, "********************"), (saved.Revision, saved.Content.EnvironmentVariables[0].Value!.ToString()));
        await using (var db = await world.Database.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(Stop))
        {
            var row = await db.Workflows.SingleAsync(Stop);
            Assert.DoesNotContain("sk-very-secret", row.EnvironmentVariables, StringComparison.Ordinal);
        }

        foreach (var unchanged in (string[])["********************", "[__HIDDEN__]"])
        {
            await world.Drafts.SaveAsync(
                world.Owner, world.App.Id, saved.Content with { EnvironmentVariables = [DraftWorld.Secret(unchanged, name: "RENAMED")] },
                cancellationToken: Stop);
            var read = await world.Drafts.ReadAsync(world.Owner, world.App.Id, null, Stop);
            Assert.Equal(("RENAMED", "sk-very-secret"), (read.EnvironmentVariables[0].Name, read.EnvironmentVariables[0].Value!.ToString()));
        }

        var copy = await world.Apps.DuplicateAsync(world.Owner, world.App.Id, new NewApp("Copy"), Stop);
        var copied = await world.Drafts.ReadAsync(world.Owner, copy.Id, null, Stop);
        Assert.Equal("sk-very-secret", copied.EnvironmentVariables[0].Value!.ToString());
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_save_from_an_old_revision_or_hash_is_a_conflict(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var first = await world.Drafts.GetAsync(world.Owner, world.App.Id, Stop);
        var second = await world.Drafts.SaveAsync(
            world.Owner, world.App.Id, first.Content with { Features = new JsonObject { ["a"] = 1 } }, first.Revision, first.Hash, Stop);
        Assert.NotEqual(first.Hash, second.Hash);

        Func<Task>[] late =
        [
            () => world.Drafts.SaveAsync(world.Owner, world.App.Id, first.Content, first.Revision, null, Stop),
            () => world.Drafts.SaveAsync(world.Owner, world.App.Id, first.Content, null, first.Hash, Stop),
            () => world.Drafts.ApplyAsync(world.Owner, world.App.Id, first.Revision, [], Stop),
        ];
        foreach (var call in late)
        {
            var conflict = await Assert.ThrowsAsync<DifyException>(call);
            Assert.Equal((409, ErrorCodes.DraftWorkflowNotSync), (conflict.Status, conflict.Code));
        }

        Assert.Equal(second.Revision, (await world.Drafts.GetAsync(world.Owner, world.App.Id, Stop)).Revision);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Publishing_makes_versions_that_can_be_named_restored_and_deleted(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var (drafts, owner, id) = (world.Drafts, world.Owner, world.App.Id);
        Assert.Null(await world.Versions.FindPublishedAsync(owner.WorkspaceId, id, Stop));
        var app = await world.Apps.PublishWorkflowAsync(owner, id, "one", "the first", Stop);
        Assert.NotNull(app.PublishedAt);
        var one = await world.Versions.FindPublishedAsync(owner.WorkspaceId, id, Stop);
        Assert.Equal("start", one!.Graph.Root.Id);

        var draft = await drafts.GetAsync(owner, id, Stop);
        await drafts.SaveAsync(owner, id, draft.Content with { Features = new JsonObject { ["new"] = true } }, cancellationToken: Stop);
        await world.Apps.PublishAsync(owner, id, Stop);
        var two = await world.Versions.FindPublishedAsync(owner.WorkspaceId, id, Stop);
        Assert.NotEqual(one.VersionId, two!.VersionId);
        Assert.True((bool)two.Features["new"]!);

        var list = await drafts.ListVersionsAsync(owner, id, cancellationToken: Stop);
        Assert.Equal([two.VersionId, one.VersionId], list.Items.Select(version => version.Id));
        Assert.Equal([one.VersionId], (await drafts.ListVersionsAsync(owner, id, onlyNamed: true, cancellationToken: Stop)).Items.Select(v => v.Id));
        Assert.Empty((await drafts.ListVersionsAsync(owner with { AccountId = Guid.CreateVersion7() }, id, onlyMine: true, cancellationToken: Stop)).Items);
        await drafts.RenameVersionAsync(owner, id, two.VersionId, "two", "", Stop);
        Assert.Equal(2, (await drafts.ListVersionsAsync(owner, id, onlyNamed: true, cancellationToken: Stop)).Items.Count);

        var restored = await drafts.RestoreAsync(owner, id, one.VersionId, Stop);
        Assert.Empty(restored.Content.Features);
        await Assert.ThrowsAsync<DifyException>(() => drafts.DeleteVersionAsync(owner, id, two.VersionId, Stop));
        await drafts.DeleteVersionAsync(owner, id, one.VersionId, Stop);
        Assert.Null(await world.Versions.FindAsync(owner.WorkspaceId, one.VersionId, Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_snapshot_is_made_once_for_each_content_and_is_not_in_the_history(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var draft = await world.Drafts.GetAsync(world.Owner, world.App.Id, Stop);
        var content = draft.Content with { EnvironmentVariables = [DraftWorld.Secret("a")] };
        await world.Drafts.SaveAsync(world.Owner, world.App.Id, content, cancellationToken: Stop);
        var first = await world.Drafts.SnapshotAsync(world.Owner, world.App.Id, Stop);
        await world.Drafts.SaveAsync(world.Owner, world.App.Id, content, cancellationToken: Stop);
        Assert.Equal(first, await world.Drafts.SnapshotAsync(world.Owner, world.App.Id, Stop));
        await world.Drafts.SaveAsync(
            world.Owner, world.App.Id, content with { EnvironmentVariables = [DraftWorld.Secret("b")] }, cancellationToken: Stop);
        var second = await world.Drafts.SnapshotAsync(world.Owner, world.App.Id, Stop);

        Assert.NotEqual(first, second);
        Assert.Equal("a", (await world.Versions.FindAsync(world.Owner.WorkspaceId, first, Stop))!.EnvironmentVariables[0].Value!.ToString());
        Assert.Empty((await world.Drafts.ListVersionsAsync(world.Owner, world.App.Id, cancellationToken: Stop)).Items);
    }

    [Fact]
    public async Task Another_workspace_sees_nothing_and_members_without_the_right_do_nothing()
    {
        await using var world = await DraftWorld.CreateAsync();
        await world.Apps.PublishAsync(world.Owner, world.App.Id, Stop);
        var (drafts, id) = (world.Drafts, world.App.Id);
        var version = (await drafts.ListVersionsAsync(world.Owner, id, cancellationToken: Stop)).Items[0].Id;
        var content = await drafts.ReadAsync(world.Owner, id, null, Stop);
        var foreign = await DraftWorld.AddWorkspaceAsync(world.Database);
        foreach (var (actor, status) in new[] { (foreign, 404), (world.Owner with { Role = Role.Normal }, 403) })
        {
            Func<Task>[] calls =
            [
                () => drafts.GetAsync(actor, id, Stop),
                () => drafts.SaveAsync(actor, id, content, cancellationToken: Stop),
                () => drafts.ApplyAsync(actor, id, 0, [], Stop),
                () => drafts.CheckAsync(actor, id, Stop),
                () => drafts.PublishAsync(actor, id, "", "", cancellationToken: Stop),
                () => drafts.RenameVersionAsync(actor, id, version, "", "", Stop),
                () => drafts.DeleteVersionAsync(actor, id, version, Stop),
                () => drafts.RestoreAsync(actor, id, version, Stop),
                () => drafts.ReadAsync(actor, id, version, Stop),
                () => drafts.SnapshotAsync(actor, id, Stop),
                () => world.Apps.PublishWorkflowAsync(actor, id, "", "", Stop),
            ];
            foreach (var call in calls)
            {
                Assert.Equal(status, (await Assert.ThrowsAsync<DifyException>(call)).Status);
            }
        }

        Assert.Null(await world.Versions.FindAsync(foreign.WorkspaceId, version, Stop));
        Assert.Null(await world.Versions.FindPublishedAsync(foreign.WorkspaceId, id, Stop));
    }

    [Fact]
    public async Task A_new_chatflow_talks_with_the_default_model_and_can_be_published_and_deleted()
    {
        await using var world = await DraftWorld.CreateAsync(mode: AppMode.AdvancedChat);
        await world.Apps.PublishAsync(world.Owner, world.App.Id, Stop);
        var flow = await world.Versions.FindPublishedAsync(world.Owner.WorkspaceId, world.App.Id, Stop);
        Assert.Equal(["start", "llm", "answer"], flow!.Graph.Nodes.Select(node => node.Type));
        Assert.Equal("builtin", flow.Graph.Find("llm")!.Data["model"]!["provider"]!.ToString());
        await world.Apps.DeleteAsync(world.Owner, world.App.Id, Stop);
        Assert.Null(await world.Versions.FindPublishedAsync(world.Owner.WorkspaceId, world.App.Id, Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task What_is_not_set_up_is_told_and_can_be_published(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var graph = new TestGraph().Node("m", "llm", Json("""{"model": {"provider": "openai", "name": "gpt-4o"}, "prompt_template": []}"""))
            .Node("k", "knowledge-retrieval", Json($$"""{"query_variable_selector": ["m", "text"], "dataset_ids": ["{{Guid.CreateVersion7()}}", "x"]}"""))
            .Node("w", "tool", Json("""{"provider_id": "langgenius/weather/weather", "provider_type": "builtin", "tool_name": "now", "tool_parameters": {}}"""))
            .Node("t", "tool", Json("""{"provider_id": "time", "provider_type": "builtin", "tool_name": "current_time", "tool_parameters": {}}"""))
            .End("e", "r", "w", "text").Path("s", "m", "k", "w", "t", "e");
        await world.Drafts.SaveAsync(world.Owner, world.App.Id, new WorkflowContent { Graph = graph.ToJson() }, cancellationToken: Stop);
        var issues = await world.Drafts.CheckAsync(world.Owner, world.App.Id, Stop);
        Assert.Equal(
            ["knowledge_not_set_up k False", "model_not_set_up m False", "tool_not_set_up w False"],
            issues.Select(issue => $"{issue.Code} {issue.NodeId} {issue.IsError}").Order(StringComparer.Ordinal));
        await world.Apps.PublishAsync(world.Owner, world.App.Id, Stop);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Old_snapshots_that_no_run_needs_are_deleted_and_versions_stay(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var runs = world.Database.Get<Core.Workflows.Runs.WorkflowRunService>();
        await world.Apps.PublishAsync(world.Owner, world.App.Id, Stop);
        var used = await runs.StartDraftAsync(world.Owner, world.App.Id, [], cancellationToken: Stop);
        await used.Completion.WaitAsync(Stop);
        await world.Drafts.SaveAsync(
            world.Owner, world.App.Id, new WorkflowContent { Graph = new TestGraph().ToJson() }, cancellationToken: Stop);
        var unused = await world.Drafts.SnapshotAsync(world.Owner, world.App.Id, Stop);
        var sweep = new OldSnapshots(world.Database.Contexts);
        Assert.Equal(0, await sweep.DeleteAsync(DateTimeOffset.UnixEpoch, Stop));
        Assert.Equal(1, await sweep.DeleteAsync(DateTimeOffset.MaxValue.AddDays(-1), Stop));
        Assert.Null(await world.Versions.FindAsync(world.Owner.WorkspaceId, unused, Stop));
        await using var db = await world.Database.Contexts.CreateDbContextAsync(Stop);
        Assert.Equal(2, await db.WorkflowVersions.CountAsync(Stop));
    }

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();
}
