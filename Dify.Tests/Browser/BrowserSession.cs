using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

/// <summary>
/// A Chromium of the distribution with one page, which collects what a careful reader of the console would see: script
/// errors, failed requests, and requests to any other host.
/// </summary>
internal sealed class BrowserSession : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private int _shots;

    private BrowserSession(IPlaywright playwright, IBrowser browser, IPage page, string address)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
        Address = address;
    }

    public IPage Page { get; }

    public string Address { get; }

    public List<string> Complaints { get; } = [];

    /// <summary>Screenshots lie in <c>TestResults/screenshots</c> below the repository, outside git.</summary>
    public static string ScreenshotFolder { get; } = Path.Combine(SharedFolder.RepositoryRoot, "TestResults", "screenshots");

    public static async Task<BrowserSession> StartAsync(string address, string colorScheme = "light", int width = 1280, int height = 860)
    {
        var chromium = Environment.GetEnvironmentVariable("DIFY_TEST_CHROMIUM");
        Assert.SkipWhen(string.IsNullOrEmpty(chromium), "no browser: DIFY_TEST_CHROMIUM does not name a Chromium");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address,
            ColorScheme = colorScheme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = "en-US",
        });
        // Generous, because a busy machine is no defect.
        context.SetDefaultTimeout(60_000);
        var session = new BrowserSession(playwright, browser, await context.NewPageAsync(), address);
        session.Listen();
        return session;
    }

    /// <summary>Keeps a picture of the page, numbered in the order of the steps.</summary>
    public async Task ShootAsync(string name)
    {
        Directory.CreateDirectory(ScreenshotFolder);
        await Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(ScreenshotFolder, $"{++_shots:00}-{name}.png"),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Listen()
    {
        Page.PageError += (_, error) => Complaints.Add($"script error: {error}");
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Complaints.Add($"console: {message.Text}");
            }
        };
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Address, StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                Complaints.Add($"request to another host: {request.Url}");
            }
        };
    }
}
