using System.Text.Json.Nodes;
using Dify.Core.Tools;
using Dify.Core.Tools.BuiltIn.Web;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Tools;

public sealed class WebScraperTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_page_is_read_without_what_stands_around_its_text()
    {
        var page = ReadablePage.Read(
            """
            <html><head><title> On  salt </title><meta name="author" content="Bo"><style>p{}</style></head>
            <body><nav>Home</nav><article><h1>Salt</h1><p>Salt is <b>white</b>.<br>It helps.</p><ul><li>sea</li><li>rock</li></ul>
            <script>alert(1)</script></article><footer>Imprint</footer></body></html>
            """,
            Cancellation);

        Assert.Equal(("On salt", "Bo", "Salt\nSalt is white.\nIt helps.\nsea\nrock"), (page.Title, page.Author, page.Text));
    }

    [Fact]
    public void A_page_without_an_article_is_read_as_a_whole_and_an_empty_one_is_empty()
    {
        Assert.Equal("Just words", ReadablePage.Read("Just <i>words</i>", Cancellation).Text);
        Assert.Equal("", ReadablePage.Read("", Cancellation).Text);
    }

    [Fact]
    public void A_page_that_nests_without_end_is_given_up_in_time()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMilliseconds(300));
        try
        {
            Assert.NotNull(ReadablePage.Read(string.Concat(Enumerable.Repeat("<div>", 200_000)) + "x", limit.Token));
        }
        catch (OperationCanceledException)
        {
            Assert.False(Cancellation.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task A_page_is_loaded_with_the_agent_of_the_settings_and_other_answers_are_told()
    {
        await using var host = await OtherHost.StartAsync(async http =>
        {
            http.Response.StatusCode = http.Request.Path == "/gone" ? 404 : 200;
            http.Response.ContentType = http.Request.Path == "/picture" ? "image/png" : "text/html; charset=latin1";
            await http.Response.Body.WriteAsync(System.Text.Encoding.Latin1.GetBytes("<title>T</title><main><p>Grüße</p></main>"));
        });
        await using var database = await TestDatabase.CreateAsync(settings: [OtherHost.Allowed]);

        Assert.Equal("\nTITLE: T\nAUTHOR: \nTEXT:\n\nGrüße\n", await ScrapeAsync(database, host.Address + "/page", "Probe/1"));
        Assert.Equal("URL returned status code 404.", await ScrapeAsync(database, host.Address + "/gone", ""));
        Assert.Equal("Unsupported content-type [image/png] of URL.", await ScrapeAsync(database, host.Address + "/picture", ""));
        Assert.Equal("Probe/1", host.Requests.First().Headers["User-Agent"]);
    }

    [Theory]
    [InlineData("http://127.0.0.1/", "Blocked by egress rule 'loopback'")]
    [InlineData("http://[::ffff:10.0.0.1]/", "Blocked by egress rule 'private'")]
    [InlineData("file:///etc/passwd", "Invalid URL")]
    [InlineData("nonsense", "Invalid URL")]
    public async Task Addresses_that_may_not_be_called_are_refused(string address, string message)
    {
        await using var database = await TestDatabase.CreateAsync();

        var failure = await Assert.ThrowsAsync<ToolException>(() => ScrapeAsync(database, address, ""));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ScrapeAsync(TestDatabase database, string address, string agent)
    {
        var tool = await database.Get<ToolCatalog>().GetAsync(
            Guid.CreateVersion7(), ToolReference.Parse("builtin", "webscraper", "webscraper"), Cancellation);
        var call = new ToolCall(Guid.CreateVersion7(), "u", new JsonObject { ["url"] = address, ["user_agent"] = agent });
        var messages = await tool.InvokeAsync(call, Cancellation).ToListAsync(Cancellation);
        return Assert.IsType<ToolText>(Assert.Single(messages)).Text;
    }
}
