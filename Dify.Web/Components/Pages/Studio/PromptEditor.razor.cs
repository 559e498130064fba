using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>
/// A text box that knows the app's variables. The browser holds the text while it is typed; it comes here when typing
/// rests, and with <see cref="FlushAsync"/>.
/// </summary>
public sealed partial class PromptEditor : ComponentBase, IAsyncDisposable
{
    private ElementReference _root;
    private IJSObjectReference? _module;
    private IJSObjectReference? _editor;
    private DotNetObjectReference<PromptEditor>? _self;
    private string? _initial;
    private string _known = "";
    private IReadOnlyList<string> _names = [];

    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Parameter]
    public string? Placeholder { get; set; }

    /// <summary>Lines shown when there is less text.</summary>
    [Parameter]
    public int Lines { get; set; } = 8;

    [Parameter]
    public int MaxLength { get; set; } = 100_000;

    [Parameter]
    public string Value { get; set; } = "";

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>Names to offer and to mark.</summary>
    [Parameter]
    public IReadOnlyList<string> Variables { get; set; } = [];

    /// <summary>The person wants a variable that is not there yet.</summary>
    [Parameter]
    public EventCallback OnNewVariable { get; set; }

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private IStringLocalizer<StudioText> Words { get; set; } = null!;

    /// <summary>Puts <c>{{name}}</c> where the caret is.</summary>
    public async Task InsertAsync(string name)
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("insert", name);
        }
    }

    public async Task<bool> CopyAsync() =>
        _module is not null && await _module.InvokeAsync<bool>("copyText", _known);

    /// <summary>Fetches what was typed within the last moment.</summary>
    public async Task FlushAsync()
    {
        try
        {
            if (_editor is not null)
            {
                await _editor.InvokeVoidAsync("flush");
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone; the browser sent its text when it was hidden.
        }
    }

    [JSInvokable]
    public async Task TextChangedAsync(string text)
    {
        _known = Cut(text);
        await ValueChanged.InvokeAsync(_known);
    }

    [JSInvokable]
    public async Task TextStreamAsync(IJSStreamReference stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await using var bytes = await stream.OpenReadStreamAsync(MaxLength * 4L);
        using var reader = new StreamReader(bytes);
        await TextChangedAsync(await reader.ReadToEndAsync());
    }

    [JSInvokable]
    public Task NewVariableAsync() => OnNewVariable.InvokeAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_editor is not null)
            {
                await _editor.InvokeVoidAsync("dispose");
                await _editor.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // Nothing is left to tidy up in a closed page.
        }

        _self?.Dispose();
    }

    protected override void OnInitialized() => _initial = _known = Value;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _names = Variables;
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/promptEditor.js");
            _editor = await _module.InvokeAsync<IJSObjectReference>("open", _root, _self, Variables, new
            {
                newVariable = Words["Instructions.New"].Value,
            });

            // Until the script listens, nothing can be typed: it would be lost.
            StateHasChanged();
        }

        if (_editor is null)
        {
            return;
        }

        if (!_names.SequenceEqual(Variables))
        {
            _names = Variables;
            await _editor.InvokeVoidAsync("setVariables", _names);
        }

        // Only what changed elsewhere (a renamed variable, somebody else's version) goes down.
        if (_known != Value)
        {
            _known = Value;
            await _editor.InvokeVoidAsync("setText", _known);
        }
    }

    private string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength];
}
