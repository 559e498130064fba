using Bunit;
using Dify.Core.Apps;
using Dify.Web.Components.Pages.Studio;
using Dify.Web.Components.Shared;
using MudBlazor;
using Xunit;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Studio;

public sealed class AppInfoDialogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_dialog_opens_with_the_focus_in_the_name_and_does_not_take_it_back()
    {
        await using var studio = await StudioFixture.CreateAsync();
        await studio.Dialogs.InvokeAsync(() => { _ = studio.DialogService.CreateAppAsync(); });

        Assert.Equal("app-name", studio.Dialogs.FindComponent<FirstField>().Find("input").Id);
        Assert.Equal(DefaultFocus.None, studio.Dialogs.FindComponent<MudFocusTrap>().Instance.DefaultFocus);
    }

    [Fact]
    public async Task An_app_needs_a_name_and_is_made_with_the_icon_that_was_chosen()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var dialogs = studio.Dialogs;
        Task<Dify.Core.Apps.App?> asked = null!;
        await dialogs.InvokeAsync(() => { asked = studio.DialogService.CreateAppAsync(); });

        Assert.True(dialogs.Find("button[type=submit]").HasAttribute("disabled"));
        await dialogs.Find("#app-name").InputAsync("   ");
        Assert.True(dialogs.Find("button[type=submit]").HasAttribute("disabled"));
        await dialogs.Find("#app-name").InputAsync("  Desk ");
        Assert.Equal(3, dialogs.FindAll("input[name=type]").Count);
        await dialogs.FindAll("input[name=type]")[2].ChangeAsync(true);
        Assert.False(dialogs.Find("button[type=submit]").HasAttribute("disabled"));
        await dialogs.Find("button.icon").ClickAsync();
        await dialogs.Find("input[aria-label='📚']").ChangeAsync(true);
        await dialogs.Find("input[aria-label='#E0EAFF']").ChangeAsync(true);
        await dialogs.Find("form").SubmitAsync();

        var app = await asked.WaitAsync(Cancel);
        Assert.Equal(("Desk", "📚", "#E0EAFF", AppMode.Chat), (app!.Name, app.Icon, app.IconBackground, app.Mode));
        Assert.Equal(1, (await studio.Apps.ListAsync(studio.Owner, cancellationToken: Cancel)).Total);
    }

    [Fact]
    public async Task A_refused_name_is_explained_and_nothing_that_was_typed_is_lost()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var dialogs = studio.Dialogs;
        await dialogs.InvokeAsync(() => { _ = studio.DialogService.CreateAppAsync(); });
        var name = new string('x', 41);
        await dialogs.Find("#app-name").InputAsync(name);
        await dialogs.Find("form").SubmitAsync();

        dialogs.WaitForAssertion(() => Assert.Contains("1 to 40 characters", dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal(name, dialogs.Find("#app-name").GetAttribute("value"));
        Assert.Equal(0, (await studio.Apps.ListAsync(studio.Owner, cancellationToken: Cancel)).Total);
    }

    [Fact]
    public async Task A_copy_has_a_name_of_its_own_and_the_same_configuration()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var original = await studio.CreateAppAsync("Desk");
        await studio.Apps.SaveDraftAsync(studio.Owner, original.Id, original.Draft with { PrePrompt = "Be brief." }, 0, Cancel);
        Task<Dify.Core.Apps.App?> asked = null!;
        await studio.Dialogs.InvokeAsync(() => { asked = studio.DialogService.DuplicateAppAsync(original); });
        await studio.Dialogs.Find("form").SubmitAsync();

        var copy = await asked.WaitAsync(Cancel);
        Assert.Equal(("Desk copy", "Be brief."), (copy!.Name, copy.Draft.PrePrompt));
        Assert.NotEqual(original.Id, copy.Id);
    }

    [Fact]
    public async Task A_workflow_is_what_is_made_unless_another_kind_is_chosen()
    {
        await using var studio = await StudioFixture.CreateAsync();
        Task<Dify.Core.Apps.App?> asked = null!;
        await studio.Dialogs.InvokeAsync(() => { asked = studio.DialogService.CreateAppAsync(); });
        await studio.Dialogs.Find("#app-name").InputAsync("Steps");
        await studio.Dialogs.Find("form").SubmitAsync();

        var app = await asked.WaitAsync(Cancel);
        Assert.Equal(AppMode.Workflow, app!.Mode);
        Assert.Equal($"/app/{app.Id}/workflow", AppTypes.BuilderOf(app));
    }
}
