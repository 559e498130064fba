using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>Files and pasted texts. The browser sends them over HTTP; here is decided what is taken.</summary>
public sealed partial class SourceStep : ComponentBase, IAsyncDisposable
{
    private ElementReference _root;
    private DotNetObjectReference<SourceStep>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _uploader;
    private bool _pasting;

    [Parameter, EditorRequired]
    public IngestDraft Draft { get; set; } = null!;

    /// <summary>The list of files changed.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private IStringLocalizer<KnowledgeText> Words { get; set; } = null!;

    [Inject]
    private IStringLocalizer<ErrorText> Errors { get; set; } = null!;

    /// <summary>The keys under which the browser sends the files; null for one that is not taken.</summary>
    [JSInvokable]
    public async Task<IReadOnlyList<string?>> OffersAsync(IReadOnlyList<OfferedFile> files)
    {
        var keys = (files ?? []).Select(offered => Draft.Offer(offered.Name, offered.Size, (key, values) => Words[key, values]))
            .Select(file => file.Error is null ? file.Key : null).ToList();
        await ShowAsync();
        return keys;
    }

    [JSInvokable]
    public Task ProgressedAsync(string key, int percent) =>
        ChangeAsync(key, file => file.Percent = Math.Clamp(percent, 0, 100));

    [JSInvokable]
    public Task StoredAsync(string key, Guid fileId) => ChangeAsync(key, file => file.FileId = fileId);

    [JSInvokable]
    public Task FailedAsync(string key, string code, string message) => ChangeAsync(key, file =>
    {
        var known = Errors[code];
        file.Error = code.Length > 0 && !known.ResourceNotFound ? known.Value
            : message.Length > 0 ? message : Words["Source.Lost"].Value;
    });

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_uploader is not null)
            {
                await _uploader.InvokeVoidAsync("dispose");
                await _uploader.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its script with it.
        }

        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/upload.js");
            _uploader = await _module.InvokeAsync<IJSObjectReference>("attach", _root, _self);
        }
    }

    private async Task RemoveAsync(SourceFile file)
    {
        Draft.Files.Remove(file);
        if (file.IsUploading && _uploader is not null)
        {
            await _uploader.InvokeVoidAsync("cancel", file.Key);
        }

        await OnChanged.InvokeAsync();
    }

    private Task ChangeAsync(string key, Action<SourceFile> change)
    {
        if (Draft.Files.Find(file => file.Key == key) is { } file)
        {
            change(file);
        }

        return ShowAsync();
    }

    private Task ShowAsync() => InvokeAsync(async () =>
    {
        StateHasChanged();
        await OnChanged.InvokeAsync();
    });
}
