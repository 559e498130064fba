using Bunit;
using Dify.Core.Apps;
using Dify.Web.Components.Pages.Studio;
using Xunit;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Studio;

public sealed class OrchestratePageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IRenderedComponent<OrchestratePage> Open(StudioFixture studio, Guid appId)
    {
        var page = studio.Render<OrchestratePage>(p => p.Add(c => c.AppId, appId));
        page.WaitForElement("#instructions");
        return page;
    }

    // What the script of the text box does when typing rests.
    private static Task TypeAsync(IRenderedComponent<OrchestratePage> page, string text) =>
        page.InvokeAsync(() => page.FindComponents<PromptEditor>()[0].Instance.TextChangedAsync(text));

    private static void WaitForState(IRenderedComponent<OrchestratePage> page, SaveState state) =>
        page.WaitForAssertion(() => Assert.Equal(state.ToString(), page.Find(".save").GetAttribute("data-state")));

    private static async Task<string?> StoredPromptAsync(StudioFixture studio, Guid appId) =>
        (await studio.Apps.GetAsync(studio.Owner, appId, Cancel)).Draft.PrePrompt;

    [Fact]
    public async Task What_is_typed_is_stored_a_second_after_typing_rests()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        var page = Open(studio, app.Id);

        await TypeAsync(page, "Be kind.");
        WaitForState(page, SaveState.Waiting);
        Assert.Null(await StoredPromptAsync(studio, app.Id));
        studio.Time.Advance(TimeSpan.FromSeconds(1));

        WaitForState(page, SaveState.Saved);
        Assert.Equal("Be kind.", await StoredPromptAsync(studio, app.Id));
        Assert.Contains("Saved 12:00", page.Find(".save").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_just_before_the_page_goes_is_stored_too()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        await TypeAsync(Open(studio, app.Id), "Be quick.");

        await studio.CloseAsync();

        Assert.Equal("Be quick.", await StoredPromptAsync(studio, app.Id));
    }

    [Fact]
    public async Task A_conflict_is_shown_and_our_version_can_be_kept()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        var page = Open(studio, app.Id);
        await studio.Apps.SaveDraftAsync(studio.Owner, app.Id, app.Draft with { PrePrompt = "Theirs." }, app.DraftRevision, Cancel);

        await TypeAsync(page, "Mine.");
        studio.Time.Advance(TimeSpan.FromSeconds(1));
        WaitForState(page, SaveState.Conflict);
        Assert.Equal("Theirs.", await StoredPromptAsync(studio, app.Id));
        await page.FindAll(".choices button")[1].ClickAsync();

        WaitForState(page, SaveState.Saved);
        Assert.Equal("Mine.", await StoredPromptAsync(studio, app.Id));
        Assert.Empty(page.FindAll(".choices"));
    }

    [Fact]
    public async Task In_a_conflict_their_version_can_be_loaded_and_is_edited_from_there()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        var page = Open(studio, app.Id);
        await studio.Apps.SaveDraftAsync(studio.Owner, app.Id, app.Draft with { PrePrompt = "Theirs." }, app.DraftRevision, Cancel);
        await TypeAsync(page, "Mine.");
        studio.Time.Advance(TimeSpan.FromSeconds(1));
        WaitForState(page, SaveState.Conflict);

        await page.FindAll(".choices button")[0].ClickAsync();
        WaitForState(page, SaveState.Saved);
        page.WaitForAssertion(() => Assert.Equal("Theirs.", page.FindComponents<PromptEditor>()[0].Instance.Value));

        await TypeAsync(page, "Theirs, and mine.");
        studio.Time.Advance(TimeSpan.FromSeconds(1));
        WaitForState(page, SaveState.Saved);
        Assert.Equal("Theirs, and mine.", await StoredPromptAsync(studio, app.Id));
    }

    [Fact]
    public async Task A_name_in_the_instructions_becomes_a_variable_with_one_press()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        var page = Open(studio, app.Id);
        await TypeAsync(page, "Speak {{language}}.");

        await page.Find(".unknown button").ClickAsync();

        Assert.Empty(page.FindAll(".unknown"));
        studio.Time.Advance(TimeSpan.FromSeconds(1));
        WaitForState(page, SaveState.Saved);
        var stored = await studio.Apps.GetAsync(studio.Owner, app.Id, Cancel);
        Assert.Equal("language", Assert.Single(stored.Draft.UserInputForm).Input.Variable);
    }

    [Fact]
    public async Task Publishing_stores_the_latest_words_first_and_says_when_the_draft_differs_again()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        var page = Open(studio, app.Id);
        Assert.Equal("Draft", page.Find(".live").TextContent);
        await TypeAsync(page, "Version one.");

        await page.Find(".publish-button").ClickAsync();

        page.WaitForAssertion(() => Assert.Equal("Published", page.Find(".live").TextContent));
        var published = await studio.Apps.GetAsync(studio.Owner, app.Id, Cancel);
        Assert.Equal("Version one.", published.Published!.PrePrompt);

        await TypeAsync(page, "Version two.");
        page.WaitForAssertion(() => Assert.Equal("Unpublished changes", page.Find(".live").TextContent));
    }
}
