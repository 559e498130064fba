using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Apps;

public sealed class AppServiceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_new_app_has_the_default_model_and_is_not_published(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var actor = await WorkspaceOf(database);
        var apps = database.Get<AppService>();
        var app = await apps.CreateAsync(actor, new NewApp("  Helper "), Stop);
        Assert.Equal(("Helper", "builtin"), (app.Name, app.Draft.Model!.Provider));
        Assert.Null(app.Published);
        Assert.Null(await apps.FindSiteAsync(app.SiteCode, Stop));

        await apps.PublishAsync(actor, app.Id, Stop);
        Assert.Equal(app.Id, (await apps.FindSiteAsync(app.SiteCode, Stop))!.Id);
        await apps.SetAccessAsync(actor, app.Id, siteEnabled: false, apiEnabled: true, Stop);
        Assert.Null(await apps.FindSiteAsync(app.SiteCode, Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_draft_saved_from_an_old_revision_is_a_conflict_and_changes_nothing(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var actor = await WorkspaceOf(database);
        var apps = database.Get<AppService>();
        var app = await apps.CreateAsync(actor, new NewApp("Helper"), Stop);
        var revision = await apps.SaveDraftAsync(actor, app.Id, app.Draft with { PrePrompt = "first" }, app.DraftRevision, Stop);

        var conflict = await Assert.ThrowsAsync<DifyException>(
            () => apps.SaveDraftAsync(actor, app.Id, app.Draft with { PrePrompt = "late" }, app.DraftRevision, Stop));
        Assert.Equal((409, ErrorCodes.DraftConflict), (conflict.Status, conflict.Code));
        var stored = await apps.GetAsync(actor, app.Id, Stop);
        Assert.Equal(("first", revision), (stored.Draft.PrePrompt, stored.DraftRevision));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Apps_are_listed_by_page_name_and_workspace(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (mine, foreign) = (await WorkspaceOf(database), await WorkspaceOf(database));
        var apps = database.Get<AppService>();
        foreach (var name in (string[])["Alpha", "Beta", "Alphabet"])
        {
            await apps.CreateAsync(mine, new NewApp(name), Stop);
        }

        var other = await apps.CreateAsync(foreign, new NewApp("Alpha"), Stop);
        var page = await apps.ListAsync(mine, 1, 2, cancellationToken: Stop);
        Assert.Equal((3, true, 2), (page.Total, page.HasMore, page.Items.Count));
        Assert.Equal(2, (await apps.ListAsync(mine, keyword: "ALPHA", cancellationToken: Stop)).Total);
        Assert.Empty((await apps.ListAsync(mine with { Role = Role.Normal }, cancellationToken: Stop)).Items);
        Assert.Equal(404, (await Assert.ThrowsAsync<DifyException>(() => apps.GetAsync(mine, other.Id, Stop))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<DifyException>(() => apps.DeleteAsync(mine, other.Id, Stop))).Status);
    }

    [Fact]
    public async Task Knowledge_of_another_workspace_or_another_persons_own_cannot_be_published()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (mine, foreign) = (await WorkspaceOf(database), await WorkspaceOf(database));
        var theirs = Base(foreign.WorkspaceId, KnowledgePermission.AllTeamMembers);
        var secret = Base(mine.WorkspaceId, KnowledgePermission.OnlyMe);
        var shared = Base(mine.WorkspaceId, KnowledgePermission.AllTeamMembers);
        await database.Get<WriteBatcher>().AddAsync(theirs, secret, shared);
        var apps = database.Get<AppService>();
        var app = await apps.CreateAsync(mine, new NewApp("Helper"), Stop);

        foreach (var refused in (KnowledgeBase[])[theirs, secret])
        {
            var refusal = await Assert.ThrowsAsync<DifyException>(
                () => apps.SaveAndPublishAsync(mine, app.Id, With(app.Draft, refused.Id), Stop));
            Assert.Equal(ErrorCodes.InvalidParam, refusal.Code);
        }

        Assert.NotNull((await apps.SaveAndPublishAsync(mine, app.Id, With(app.Draft, shared.Id), Stop)).Published);
    }

    [Theory]
    [InlineData(Role.Normal)]
    [InlineData(Role.DatasetOperator)]
    public async Task Members_without_the_right_change_no_app(Role role)
    {
        await using var database = await TestDatabase.CreateAsync();
        var owner = await WorkspaceOf(database);
        var apps = database.Get<AppService>();
        var app = await apps.CreateAsync(owner, new NewApp("Helper"), Stop);
        var member = owner with { Role = role };
        Func<Task>[] calls =
        [
            () => apps.CreateAsync(member, new NewApp("x"), Stop),
            () => apps.GetAsync(member, app.Id, Stop),
            () => apps.UpdateInfoAsync(member, app.Id, new NewApp("x"), Stop),
            () => apps.DuplicateAsync(member, app.Id, new NewApp("x"), Stop),
            () => apps.DeleteAsync(member, app.Id, Stop),
            () => apps.SaveDraftAsync(member, app.Id, app.Draft, 0, Stop),
            () => apps.PublishAsync(member, app.Id, Stop),
            () => apps.SetAccessAsync(member, app.Id, false, false, Stop),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(403, (await Assert.ThrowsAsync<DifyException>(call)).Status);
        }
    }

    public static TheoryData<UserInputField> BadFields { get; } =
    [
        new UserInputField("robot", new UserInput { Variable = "a" }),
        new UserInputField("text-input", new UserInput { Variable = "1a" }),
        new UserInputField("text-input", new UserInput { Variable = "a b" }),
        new UserInputField("text-input", new UserInput { Variable = "a", MaxLength = 257 }),
        new UserInputField("text-input", new UserInput { Variable = "a", MaxLength = 0 }),
        new UserInputField("select", new UserInput { Variable = "a" }),
        new UserInputField("select", new UserInput { Variable = "a", Options = ["x", "x"] }),
    ];

    [Theory]
    [MemberData(nameof(BadFields))]
    public void A_field_that_no_form_can_have_is_refused(UserInputField field) =>
        Assert.Throws<DifyException>(() => ModelConfigRules.CheckComplete(new AppModelConfig { UserInputForm = [field] }));

    [Fact]
    public void Bounds_of_a_configuration_are_held()
    {
        var good = new AppModelConfig { DatasetConfigs = new DatasetConfigs { TopK = 10 } };
        ModelConfigRules.CheckComplete(good);
        AppModelConfig[] bad =
        [
            good with { DatasetConfigs = new DatasetConfigs { TopK = 11 } },
            good with { DatasetConfigs = new DatasetConfigs { TopK = 0 } },
            good with { DatasetConfigs = new DatasetConfigs { ScoreThreshold = 1.5 } },
            good with { SuggestedQuestions = [.. Enumerable.Repeat("q", 11)] },
            good with { PromptType = "clever" },
            good with { PrePrompt = new string('x', 100_001) },
            good with { Model = new AppModelSelection("", "m") },
            With(good, Guid.Empty) with { UserInputForm = [Text("a"), Text("a")] },
        ];
        Assert.All(bad, config => Assert.Throws<DifyException>(() => ModelConfigRules.CheckComplete(config)));
    }

    private static UserInputField Text(string variable) => new("text-input", new UserInput { Variable = variable });

    private static AppModelConfig With(AppModelConfig config, Guid knowledgeBaseId) => config with
    {
        DatasetConfigs = new DatasetConfigs
        {
            Datasets = new DatasetList { Datasets = [new DatasetEntry(new DatasetChoice(true, knowledgeBaseId.ToString()))] },
        },
    };

    private static KnowledgeBase Base(Guid workspaceId, KnowledgePermission permission)
    {
        var id = Guid.CreateVersion7();
        return new KnowledgeBase
        {
            Id = id, WorkspaceId = workspaceId, Name = id.ToString("N"), Permission = permission, Retrieval = new RetrievalSettings(),
        };
    }

    private static async Task<Actor> WorkspaceOf(TestDatabase database)
    {
        var workspace = new Workspace { Name = "Acme" };
        await database.Get<WriteBatcher>().AddAsync(workspace);
        return new Actor(workspace.Id, Guid.CreateVersion7(), Role.Owner);
    }
}
