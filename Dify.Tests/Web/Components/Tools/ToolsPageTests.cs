using Bunit;
using Dify.Tests.Web.Components.Studio;
using Dify.Web.Components.Pages.Tools;
using Xunit;

namespace Dify.Tests.Web.Components.Tools;

public sealed class ToolsPageTests
{
    [Fact]
    public async Task The_tools_that_workflows_can_call_are_listed_with_the_names_of_app_files()
    {
        await using var studio = await StudioFixture.CreateAsync();

        var page = studio.Render<ToolsPage>();
        page.WaitForElement(".provider");

        Assert.Contains("current_time", page.FindAll(".provider li code").Select(code => code.TextContent));
        Assert.Contains("webscraper", page.FindAll(".provider .head code").Select(code => code.TextContent));
    }
}
