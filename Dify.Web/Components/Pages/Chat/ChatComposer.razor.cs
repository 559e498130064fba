using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>The box to write in. Its text lives in the browser until it is sent; see <c>composer.ts</c>.</summary>
public sealed partial class ChatComposer : ComponentBase, IAsyncDisposable
{
    /// <summary>UTF-8 bytes; what is longer is better uploaded as a document.</summary>
    public const int LongestText = 400_000;

    private ElementReference _root;
    private IJSObjectReference? _module;
    private IJSObjectReference? _box;
    private DotNetObjectReference<ChatComposer>? _self;
    private string? _draftKey;

    /// <summary>Until the script listens, nothing can be typed: it would be lost.</summary>
    private bool _attached;

    /// <summary>Takes the text; false leaves it in the box.</summary>
    [Parameter, EditorRequired]
    public required Func<string, Task<bool>> OnSend { get; set; }

    [Parameter]
    public EventCallback OnStop { get; set; }

    /// <summary>The text is longer than <see cref="LongestText"/> and was not taken.</summary>
    [Parameter]
    public EventCallback OnTooLong { get; set; }

    /// <summary>Where set, the box can be left with Escape or a button.</summary>
    [Parameter]
    public EventCallback OnCancel { get; set; }

    /// <summary>An answer is coming: nothing can be sent, Stop takes the place of Send.</summary>
    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public bool Stopping { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public string Placeholder { get; set; } = "";

    [Parameter]
    public string Label { get; set; } = "";

    [Parameter]
    public string? InitialText { get; set; }

    /// <summary>Under which name the browser keeps unsent text; null: it is not kept.</summary>
    [Parameter]
    public string? DraftKey { get; set; }

    /// <summary>Send stays in the page, because the script has its state.</summary>
    private bool ShowStop => Busy && OnStop.HasDelegate;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [JSInvokable]
    public Task<bool> SendAsync(string text) =>
        string.IsNullOrWhiteSpace(text) || Busy || Disabled ? Task.FromResult(false) : InvokeSendAsync(text.Trim());

    [JSInvokable]
    public async Task<bool> SendStreamAsync(IJSStreamReference content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Length > LongestText)
        {
            await InvokeAsync(OnTooLong.InvokeAsync);
            return false;
        }

        await using var stream = await content.OpenReadStreamAsync(LongestText);
        using var reader = new StreamReader(stream);
        return await SendAsync(await reader.ReadToEndAsync());
    }

    [JSInvokable]
    public Task CancelAsync() => InvokeAsync(OnCancel.InvokeAsync);

    public async Task FocusAsync()
    {
        if (_box is not null)
        {
            await _box.InvokeVoidAsync("focus");
        }
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

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _draftKey = DraftKey;
            _self = DotNetObjectReference.Create(this);
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/composer.js");
            if (_module is not null)
            {
                _box = await _module.InvokeAsync<IJSObjectReference>("open", _root, _self, _draftKey);
            }

            _attached = true;
            StateHasChanged();
            if (_box is not null && InitialText is not null)
            {
                await _box.InvokeVoidAsync("setText", InitialText);
                await _box.InvokeVoidAsync("focus");
            }
        }
        else if (_box is not null && _draftKey != DraftKey)
        {
            _draftKey = DraftKey;
            await _box.InvokeVoidAsync("setDraftKey", _draftKey);
        }
    }

    private async Task<bool> InvokeSendAsync(string text)
    {
        var accepted = false;
        await InvokeAsync(async () => accepted = await OnSend(text));
        return accepted;
    }
}
