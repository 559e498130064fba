using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>What only the browser knows or can do on these pages.</summary>
internal sealed class BrowserFacts(IJSRuntime script) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>IANA name of the time zone that the browser runs in; UTC where it does not tell.</summary>
    public async Task<string> GetTimeZoneAsync() =>
        await (await GetModuleAsync()).InvokeAsync<string>("timeZone") is { Length: > 0 } zone ? zone : "UTC";

    /// <summary>False where the browser refuses.</summary>
    public async Task<bool> CopyAsync(string text) => await (await GetModuleAsync()).InvokeAsync<bool>("copyText", text);

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            try
            {
                await _module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The page is gone and its module with it.
            }
        }
    }

    private async Task<IJSObjectReference> GetModuleAsync() =>
        _module ??= await script.InvokeAsync<IJSObjectReference>("import", "./js/account.js");
}
