using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dify.Tests.Chat;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

/// <summary>What a page of another site can make a signed-in browser send.</summary>
public sealed class CookieEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_site_can_do_nothing_with_the_cookie_of_a_session()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var browser = world.Host.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        var tickets = world.Host.Get<SignInTickets>();

        using var foreign = new HttpRequestMessage(HttpMethod.Get, tickets.CreateAddress(world.Owner.AccountId, true, "/apps"));
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var notSignedIn = await browser.SendAsync(foreign, Stop);
        Assert.False(notSignedIn.Headers.Contains("Set-Cookie"));

        using var signedIn = await browser.GetAsync(tickets.CreateAddress(world.Owner.AccountId, true, "//evil.example/x"), Stop);
        Assert.Equal("/apps", signedIn.Headers.Location!.ToString());
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), c => c.StartsWith("dify_session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);

        Assert.Equal(HttpStatusCode.Forbidden, await UploadAsync(browser, fromOwnPage: false));
        Assert.Equal(HttpStatusCode.Created, await UploadAsync(browser, fromOwnPage: true));
        using var signOut = await browser.PostAsync("/signout", new FormUrlEncodedContent([]), Stop);
        Assert.Equal(HttpStatusCode.Forbidden, signOut.StatusCode);
        using var console = await browser.PostAsJsonAsync("/console/api/apps", new { name = "x", mode = "chat" }, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, console.StatusCode);
        Assert.Equal(HttpStatusCode.Created, await UploadAsync(browser, fromOwnPage: true));
    }

    private static async Task<HttpStatusCode> UploadAsync(HttpClient browser, bool fromOwnPage)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/files?name=a.txt");
        request.Content = new StringContent("text", Encoding.UTF8, "text/plain");
        if (fromOwnPage)
        {
            request.Headers.Add("X-Dify-Upload", "1");
        }

        using var answer = await browser.SendAsync(request, Stop);
        return answer.StatusCode;
    }
}
