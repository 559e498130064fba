using Microsoft.JSInterop;

namespace Dify.Web.Components.Layout;

/// <summary>Light, dark or the system's theme: kept in the browser, so that it holds before anyone signs in.</summary>
internal sealed class ThemePreference(IJSRuntime script)
{
    public event Action? Changed;

    /// <summary><c>light</c>, <c>dark</c> or <c>system</c>.</summary>
    public string Mode { get; private set; } = "system";

    public async Task LoadAsync()
    {
        Mode = await script.InvokeAsync<string>("difyTheme.get");
        Changed?.Invoke();
    }

    public async Task SetAsync(string mode)
    {
        Mode = mode;
        await script.InvokeVoidAsync("difyTheme.set", mode);
        Changed?.Invoke();
    }

    public ValueTask PaintAsync(bool dark) => script.InvokeVoidAsync("difyTheme.paint", dark);
}
