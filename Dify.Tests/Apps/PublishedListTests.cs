using Dify.Core.Apps;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Apps;

public sealed class PublishedListTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Members_see_the_published_apps_of_their_workspace_that_are_in_service_by_name(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var workspace = new Workspace { Name = "Ours" };
        var other = new Workspace { Name = "Theirs" };
        await using (var db = await database.Contexts.CreateDbContextAsync(Cancel))
        {
            db.AddRange(
                workspace, other,
                App(workspace, "B"), App(workspace, "A"), App(workspace, "No site", site: false), App(workspace, "No API", api: false),
                App(workspace, "Draft", published: false), App(other, "Foreign"));
            await db.SaveChangesAsync(Cancel);
        }

        var apps = database.Get<AppService>();
        var member = new Actor(workspace.Id, Guid.CreateVersion7(), Role.Normal);

        var first = await apps.ListPublishedAsync(member, 1, 2, cancellationToken: Cancel);
        Assert.Equal(["A", "B"], first.Items.Select(a => a.Name));
        Assert.True(first.HasMore);
        var second = await apps.ListPublishedAsync(member, 2, 2, cancellationToken: Cancel);
        Assert.Equal(["No API"], second.Items.Select(a => a.Name));
        Assert.False(second.HasMore);
        var forApi = await apps.ListPublishedAsync(member, forApi: true, cancellationToken: Cancel);
        Assert.Equal(["A", "B", "No site"], forApi.Items.Select(a => a.Name));
    }

    private static App App(Workspace workspace, string name, bool published = true, bool site = true, bool api = true) => new()
    {
        WorkspaceId = workspace.Id,
        Name = name,
        SiteCode = Guid.CreateVersion7().ToString("N"),
        Draft = new AppModelConfig(),
        Published = published ? new AppModelConfig() : null,
        PublishedAt = published ? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) : null,
        SiteEnabled = site,
        ApiEnabled = api,
    };
}
