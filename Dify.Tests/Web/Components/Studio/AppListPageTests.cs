using Bunit;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Web.Components.Pages.Studio;
using Microsoft.EntityFrameworkCore;
using Xunit;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Studio;

public sealed class AppListPageTests
{
    [Fact]
    public async Task An_empty_workspace_shows_the_first_three_steps_and_a_filled_one_its_apps()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var page = studio.Render<AppListPage>();
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("ol > li").Count));

        await studio.CreateAppAsync("Desk");
        var filled = studio.Render<AppListPage>();
        filled.WaitForAssertion(() => Assert.Equal("Desk", filled.Find("h2 a").TextContent));
        Assert.Empty(filled.FindAll("ol"));
    }

    [Fact]
    public async Task The_search_narrows_the_list_and_says_when_nothing_matches()
    {
        await using var studio = await StudioFixture.CreateAsync();
        await studio.CreateAppAsync("Travel desk");
        await studio.CreateAppAsync("Librarian");
        var page = studio.Render<AppListPage>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("h2 a").Count));
        var search = page.FindComponents<MudBlazor.MudTextField<string>>().Single();

        await page.InvokeAsync(() => search.Instance.ValueChanged.InvokeAsync("LIB"));
        page.WaitForAssertion(() => Assert.Equal("Librarian", page.Find("h2 a").TextContent));
        await page.InvokeAsync(() => search.Instance.ValueChanged.InvokeAsync("nobody"));
        page.WaitForAssertion(() => Assert.Contains("No app matches", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_only_use_apps_is_led_to_Explore()
    {
        await using var studio = await StudioFixture.CreateAsync();
        await using (var db = await studio.Database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            var member = await db.Members.SingleAsync(TestContext.Current.CancellationToken);
            member.Role = Role.Normal;
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var page = studio.Render<AppListPage>();

        page.WaitForAssertion(() => Assert.EndsWith("/explore", studio.Navigation.Uri, StringComparison.Ordinal));
    }
}
