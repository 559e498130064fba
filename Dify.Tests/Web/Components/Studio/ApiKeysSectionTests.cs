using Bunit;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Web.Components.Pages.Studio;
using Xunit;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Studio;

public sealed class ApiKeysSectionTests
{
    [Fact]
    public async Task A_token_is_shown_once_and_afterwards_only_its_hint()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        IRenderedComponent<ApiKeysSection> Open() => studio.Render<ApiKeysSection>(p => p
            .Add(s => s.Kind, ApiKeyKind.App).Add(s => s.AppId, app.Id));
        var section = Open();

        await section.WaitForElement(".create-key").ClickAsync();

        var token = section.WaitForElement(".token code").TextContent;
        Assert.NotNull(await studio.Get<ApiKeyService>().FindAsync(token, TestContext.Current.CancellationToken));
        await section.Find(".done").ClickAsync();
        Assert.DoesNotContain(token, section.Markup, StringComparison.Ordinal);
        var again = Open();
        var hint = again.WaitForElement("td code").TextContent;
        Assert.DoesNotContain(token, again.Markup, StringComparison.Ordinal);
        Assert.StartsWith("app-", hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoking_asks_first_and_then_the_key_opens_nothing()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var app = await studio.CreateAppAsync();
        var keys = studio.Get<ApiKeyService>();
        var (_, token) = await keys.CreateAsync(studio.Owner, ApiKeyKind.App, app.Id, TestContext.Current.CancellationToken);
        var section = studio.Render<ApiKeysSection>(p => p.Add(s => s.Kind, ApiKeyKind.App).Add(s => s.AppId, app.Id));

        var revoking = section.WaitForElement("td.end button").ClickAsync();
        studio.Dialogs.WaitForElement(".mud-dialog-actions button");
        Assert.NotNull(await keys.FindAsync(token, TestContext.Current.CancellationToken));
        await studio.Dialogs.FindAll(".mud-dialog-actions button")[1].ClickAsync();
        await revoking;

        section.WaitForAssertion(() => Assert.Empty(section.FindAll("td")));
        Assert.Null(await keys.FindAsync(token, TestContext.Current.CancellationToken));
    }
}
