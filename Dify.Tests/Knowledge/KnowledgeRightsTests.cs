using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Knowledge.Ingestion;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Knowledge;

public sealed class KnowledgeRightsTests
{
    /// <summary>Ids of one millisecond come in any order.</summary>
    private static Guid[] Sorted(params Guid[] ids) => [.. ids.Order()];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task The_access_level_of_a_base_decides_who_sees_it(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        var listed = await MemberAsync(world, Role.Normal);
        var other = await MemberAsync(world, Role.Admin);
        var mine = (await world.Bases.CreateAsync(world.Owner, new NewKnowledgeBase { Name = "Mine" }, Stop)).KnowledgeBase.Id;
        var some = (await world.Bases.CreateAsync(world.Owner, new NewKnowledgeBase
        {
            Name = "Some",
            Permission = KnowledgePermission.PartialMembers,
            PartialMembers = [listed.AccountId, Guid.CreateVersion7()],
        }, Stop)).KnowledgeBase.Id;
        var all = await world.BaseAsync();

        Assert.Equal(Sorted(mine, some, all), await IdsAsync(world, world.Owner));
        Assert.Equal(Sorted(some, all), await IdsAsync(world, listed));
        Assert.Equal(Sorted(all), await IdsAsync(world, other));
        await MissingAsync(() => world.Bases.GetAsync(other, some, Stop));
        await MissingAsync(() => world.Documents.ListAsync(other, mine, new DocumentFilter(), Stop));
        await MissingAsync(() => world.Bases.DeleteAsync(other, mine, Stop));

        // Content, but not settings, for a member that the base is shared with.
        await world.Documents.AddAsync(listed, some, new NewDocuments
        {
            Texts = [new NewTextDocument("a", "b")],
            IndexingTechnique = IndexingTechnique.Economy,
        }, Stop);
        await ForbiddenAsync(() => world.Bases.UpdateAsync(listed, some, new KnowledgeChanges { Name = "x" }, Stop));
        await ForbiddenAsync(() => world.Bases.DeleteAsync(listed, some, Stop));
        await ForbiddenAsync(() => world.Bases.CreateAsync(listed, new NewKnowledgeBase { Name = "y" }, Stop));

        await world.Bases.UpdateAsync(world.Owner, some, new KnowledgeChanges { PartialMembers = [other.AccountId] }, Stop);
        Assert.Equal(Sorted(all), await IdsAsync(world, listed));
        Assert.Equal(Sorted(some, all), await IdsAsync(world, other));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Nobody_locks_themselves_out_of_a_base_that_another_made(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        var admin = await MemberAsync(world, Role.Admin);
        var keeper = await MemberAsync(world, Role.DatasetOperator);
        var shared = await world.BaseAsync();
        var refused = await Assert.ThrowsAsync<DifyException>(() => world.Bases.UpdateAsync(
            admin, shared, new KnowledgeChanges { Permission = KnowledgePermission.OnlyMe }, Stop));
        Assert.Equal((ErrorCodes.InvalidParam, 400), (refused.Code, refused.Status));

        var some = new KnowledgeChanges { Permission = KnowledgePermission.PartialMembers, PartialMembers = [keeper.AccountId] };
        Assert.Equal(
            new[] { admin.AccountId, keeper.AccountId }.Order(),
            (await world.Bases.UpdateAsync(admin, shared, some, Stop)).PartialMembers.Order());
        Assert.Equal(
            2, (await world.Bases.UpdateAsync(admin, shared, some with { PartialMembers = null }, Stop)).PartialMembers.Count);
        await world.Bases.UpdateAsync(world.Owner, shared, new KnowledgeChanges { Permission = KnowledgePermission.OnlyMe }, Stop);
        await MissingAsync(() => world.Bases.GetAsync(admin, shared, Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_private_base_of_a_removed_member_falls_to_the_owner(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        var keeper = await MemberAsync(world, Role.Editor);
        var own = await world.Bases.CreateAsync(keeper, new NewKnowledgeBase { Name = "Left behind" }, Stop);
        await MissingAsync(() => world.Bases.GetAsync(world.Owner, own.KnowledgeBase.Id, Stop));

        await using (var db = await world.Database.Contexts.CreateDbContextAsync(Stop))
        {
            db.Remove(await db.Members.SingleAsync(m => m.AccountId == keeper.AccountId, Stop));
            await db.SaveChangesAsync(Stop);
        }

        Assert.Equal("Left behind", (await world.Bases.GetAsync(world.Owner, own.KnowledgeBase.Id, Stop)).KnowledgeBase.Name);
        await world.Bases.DeleteAsync(world.Owner, own.KnowledgeBase.Id, Stop);
    }

    [Fact]
    public async Task An_operator_of_knowledge_keeps_the_settings_of_what_it_made()
    {
        await using var world = await KnowledgeWorld.CreateAsync();
        var keeper = await MemberAsync(world, Role.DatasetOperator);
        var own = await world.BaseAsync(actor: keeper);
        Assert.Equal("Renamed", (await world.Bases.UpdateAsync(keeper, own, new KnowledgeChanges { Name = "Renamed" }, Stop)).KnowledgeBase.Name);
        await ForbiddenAsync(async () => await world.Bases.DeleteAsync(keeper, await world.BaseAsync(), Stop));
        await world.Bases.DeleteAsync(keeper, own, Stop);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task What_belongs_to_another_workspace_is_not_found_by_any_call(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        var knowledge = await world.BaseAsync();
        var document = await world.TextAsync(knowledge, "secret text");
        await world.RunJobsAsync();
        var segment = (await world.SegmentsAsync(document))[0];
        var theirs = new Actor(Guid.CreateVersion7(), world.Owner.AccountId, Role.Owner);
        var strangers = (await world.Bases.CreateAsync(theirs, new NewKnowledgeBase { Name = "Theirs" }, Stop)).KnowledgeBase.Id;

        Assert.Equal(Sorted(strangers), await IdsAsync(world, theirs));
        var (d, s) = (world.Documents, world.Segments);
        foreach (var id in (Guid[])[knowledge, strangers])
        {
            await MissingAsync(() => d.GetAsync(theirs, id, document.Id, Stop));
            await MissingAsync(() => d.GetBatchAsync(theirs, id, document.Batch, Stop));
            await MissingAsync(() => d.RenameAsync(theirs, id, document.Id, "x", Stop));
            await MissingAsync(() => d.SetEnabledAsync(theirs, id, [document.Id], false, Stop));
            await MissingAsync(() => d.SetArchivedAsync(theirs, id, [document.Id], true, Stop));
            await MissingAsync(() => d.PauseAsync(theirs, id, document.Id, Stop));
            await MissingAsync(() => d.ResumeAsync(theirs, id, document.Id, Stop));
            await MissingAsync(() => d.RetryAsync(theirs, id, [document.Id], Stop));
            await MissingAsync(() => d.ReprocessAsync(theirs, id, document.Id, new ProcessRule(), Stop));
            await MissingAsync(() => d.DeleteAsync(theirs, id, [document.Id], Stop));
            await MissingAsync(() => s.ListAsync(theirs, id, document.Id, new SegmentFilter(), Stop));
            await MissingAsync(() => s.GetAsync(theirs, id, document.Id, segment.Id, Stop));
            await MissingAsync(() => s.AddAsync(theirs, id, document.Id, [new NewSegment("x")], Stop));
            await MissingAsync(() => s.UpdateAsync(theirs, id, document.Id, segment.Id, new SegmentChanges("x"), Stop));
            await MissingAsync(() => s.SetEnabledAsync(theirs, id, document.Id, [segment.Id], false, Stop));
            await MissingAsync(() => s.DeleteAsync(theirs, id, document.Id, [segment.Id], Stop));
        }

        await MissingAsync(() => world.Bases.UpdateAsync(theirs, knowledge, new KnowledgeChanges { Name = "x" }, Stop));
        await MissingAsync(() => world.Bases.DeleteAsync(theirs, knowledge, Stop));
        await MissingAsync(() => d.PreviewAsync(theirs, document.FileId!.Value, new ProcessRule(), 20, Stop));
        await MissingAsync(() => d.AddAsync(theirs, strangers, new NewDocuments
        {
            FileIds = [document.FileId!.Value],
            IndexingTechnique = IndexingTechnique.Economy,
        }, Stop));
        Assert.Equal("secret text", (await world.SegmentsAsync(document))[0].Content);
    }

    [Fact]
    public async Task A_file_that_a_colleague_sent_is_not_read_unless_it_stands_in_a_shared_base()
    {
        await using var world = await KnowledgeWorld.CreateAsync();
        var colleague = await MemberAsync(world, Role.Editor);
        var file = await world.UploadAsync("private.txt", new MemoryStream("salaries"u8.ToArray()), colleague);
        await MissingAsync(() => world.Documents.PreviewAsync(world.Owner, file.Id, new ProcessRule(), 20, Stop));
        var shared = await world.BaseAsync();
        await world.Documents.AddAsync(colleague, shared, new NewDocuments { FileIds = [file.Id] }, Stop);
        Assert.Equal(["salaries"], (await world.Documents.PreviewAsync(world.Owner, file.Id, new ProcessRule(), 20, Stop)).Chunks);
    }

    private static async Task<Actor> MemberAsync(KnowledgeWorld world, Role role)
    {
        await using var db = await world.Database.Contexts.CreateDbContextAsync(Stop);
        if (await db.Workspaces.FindAsync([world.Owner.WorkspaceId], Stop) is null)
        {
            db.Add(new Workspace { Id = world.Owner.WorkspaceId, Name = "w" });
        }

        var account = new Account { Id = Guid.CreateVersion7(), Name = $"{role}", UserName = $"{role}@example.com", Email = $"{role}@example.com" };
        db.Add(account);
        db.Add(new Member { WorkspaceId = world.Owner.WorkspaceId, AccountId = account.Id, Role = role });
        await db.SaveChangesAsync(Stop);
        return new Actor(world.Owner.WorkspaceId, account.Id, role);
    }

    private static async Task<List<Guid>> IdsAsync(KnowledgeWorld world, Actor actor) =>
        [.. (await world.Bases.ListAsync(actor, cancellationToken: Stop)).Items.Select(s => s.KnowledgeBase.Id).Order()];

    private static async Task MissingAsync(Func<Task> call) => Assert.Equal(404, (await Assert.ThrowsAsync<DifyException>(call)).Status);

    private static async Task ForbiddenAsync(Func<Task> call) =>
        Assert.Equal(ErrorCodes.Forbidden, (await Assert.ThrowsAsync<DifyException>(call)).Code);
}
