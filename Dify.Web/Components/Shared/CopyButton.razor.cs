using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Shared;

public sealed partial class CopyButton : ComponentBase
{
    private static readonly TimeSpan ShownFor = TimeSpan.FromSeconds(2);

    private bool _copied;

    /// <summary>Asked when the button is pressed.</summary>
    [Parameter, EditorRequired]
    public Func<string> Value { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private IStringLocalizer<ShellText> Words { get; set; } = null!;

    private async Task CopyAsync()
    {
        await using var module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/clipboard.js");
        if (await module.InvokeAsync<bool>("copyText", Value()))
        {
            _copied = true;
            StateHasChanged();
            await Task.Delay(ShownFor, Time);
            _copied = false;
        }
    }
}
