using Dify.Tests.Chat;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class SiteVisitorsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visitor_of_a_web_app_gets_one_cookie_that_no_script_can_read()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var client = world.Host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        var cookie = Assert.Single(await CookiesAsync(client, "/chat/anything"));
        Assert.Matches("^dify_site=[A-Za-z0-9_-]{43}; max-age=31536000; path=/; samesite=lax; httponly$", cookie);

        client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        Assert.Empty(await CookiesAsync(client, $"/chat/{world.App.SiteCode}"));
    }

    [Theory]
    [InlineData("dify_site=")]
    [InlineData("dify_site=abc")]
    [InlineData("dify_site=!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task A_cookie_that_is_not_ours_is_replaced(string cookie)
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var client = world.Host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.Single(await CookiesAsync(client, "/chat/anything"));
    }

    [Fact]
    public async Task Other_pages_set_no_such_cookie()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var client = world.Host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        Assert.Empty(await CookiesAsync(client, "/signin"));
        Assert.Empty(await CookiesAsync(client, "/chatter"));
    }

    private static async Task<IReadOnlyList<string>> CookiesAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Stop);
        return answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? [.. cookies.Where(c => c.StartsWith(SiteVisitors.Cookie + "=", StringComparison.Ordinal))]
            : [];
    }
}
