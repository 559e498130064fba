using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>
/// A text box for texts of any length. The browser holds the text while it is typed; it comes here when typing rests,
/// on leaving the box, and with <see cref="FlushAsync"/>.
/// </summary>
public sealed partial class LongText : ComponentBase, IAsyncDisposable
{
    /// <summary>Bytes that are taken of one text.</summary>
    private const long LargestText = 8 * 1024 * 1024;

    private ElementReference _area;
    private IJSObjectReference? _module;
    private IJSObjectReference? _box;
    private DotNetObjectReference<LongText>? _self;
    private string? _initial;
    private string _known = "";

    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Parameter]
    public string Value { get; set; } = "";

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    [Parameter]
    public int Lines { get; set; } = 3;

    /// <summary>Characters; null: no limit of its own.</summary>
    [Parameter]
    public int? MaxLength { get; set; }

    [Parameter]
    public string? Placeholder { get; set; }

    [Parameter]
    public string? Error { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>True: letters of equal width, no spelling.</summary>
    [Parameter]
    public bool Code { get; set; }

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    /// <summary>Fetches what was typed within the last moment.</summary>
    public async Task FlushAsync()
    {
        if (_box is not null)
        {
            await _box.InvokeVoidAsync("flush");
        }
    }

    [JSInvokable]
    public Task TextChangedAsync(string text)
    {
        _known = text;
        return InvokeAsync(() => ValueChanged.InvokeAsync(text));
    }

    [JSInvokable]
    public async Task TextStreamAsync(IJSStreamReference stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await using var bytes = await stream.OpenReadStreamAsync(LargestText);
        using var reader = new StreamReader(bytes);
        await TextChangedAsync(await reader.ReadToEndAsync());
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_box is not null)
            {
                await _box.InvokeVoidAsync("dispose");
                await _box.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the box with it.
        }

        _self?.Dispose();
    }

    protected override void OnInitialized() => _initial = _known = Value;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/longText.js");
            if (_module is not null)
            {
                _box = await _module.InvokeAsync<IJSObjectReference>("attach", _area, _self);
            }
        }
        else if (_box is not null && _known != Value)
        {
            _known = Value;
            await _box.InvokeVoidAsync("setText", Value);
        }
    }
}
