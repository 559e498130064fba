using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Workflows.Inputs;
using Dify.Web.Components.Pages.Knowledge.Ingest;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>One file or several for a run: from this device over HTTP, or as addresses, as the field allows.</summary>
public sealed partial class FileField : ComponentBase, IAsyncDisposable
{
    private ElementReference _root;
    private DotNetObjectReference<FileField>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _uploader;
    private JsonNode? _given;
    private string _address = "";
    private bool _enter;

    [Parameter, EditorRequired]
    public required StartField Field { get; set; }

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The file, or the list of files, as the API takes them.</summary>
    [Parameter]
    public JsonNode? Value { get; set; }

    [Parameter]
    public EventCallback<JsonNode?> ValueChanged { get; set; }

    /// <summary>Where the browser sends files.</summary>
    [Parameter, EditorRequired]
    public string UploadTo { get; set; } = "";

    /// <summary>A file is still on its way.</summary>
    [Parameter]
    public EventCallback<bool> BusyChanged { get; set; }

    [Parameter]
    public string? Error { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private IStringLocalizer<ErrorText> Errors { get; set; } = null!;

    [Inject]
    private IOptions<UploadLimits> Limits { get; set; } = null!;

    private List<FormFile> Items { get; } = [];

    private int Most => RunFormValues.MostFiles(Field);

    private IReadOnlyList<string> Methods => Field.Files.Methods;

    private bool TakesUploads => Methods.Count == 0 || Methods.Contains("local_file");

    private bool TakesAddresses => Methods.Count == 0 || Methods.Contains("remote_url");

    private bool IsAddress => Uri.TryCreate(_address.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private IReadOnlyList<string> Extensions =>
    [
        .. Field.Files.Kinds.Where(kind => kind != FileKinds.Custom).SelectMany(FileKinds.ExtensionsOf)
            .Concat(Field.Files.Kinds.Count == 0 || Field.Files.Kinds.Contains(FileKinds.Custom) ? Field.Files.Extensions : []),
    ];

    private string? Accept => Extensions.Count == 0 ? null : string.Join(',', Extensions.Select(e => "." + e));

    private string Hint
    {
        get
        {
            var kinds = Field.Files.Kinds.Where(kind => kind != FileKinds.Custom).Select(kind => Text[$"File.Kind.{kind}"].Value)
                .Concat(Field.Files.Kinds.Contains(FileKinds.Custom) ? Field.Files.Extensions : []).ToList();
            return string.Join(" · ", new[] { kinds.Count == 0 ? Text["File.Any"] : string.Join(", ", kinds), Text["File.Most", Most] });
        }
    }

    /// <summary>The keys under which the browser sends the files; null for one that is not taken.</summary>
    [JSInvokable]
    public async Task<IReadOnlyList<string?>> OffersAsync(IReadOnlyList<OfferedFile> files)
    {
        var keys = new List<string?>();
        await InvokeAsync(async () =>
        {
            if (Most == 1)
            {
                Items.Clear();
            }

            foreach (var offered in files ?? [])
            {
                keys.Add(Offer(offered));
            }

            await TellAsync();
        });
        return keys;
    }

    [JSInvokable]
    public Task ProgressedAsync(string key, int percent) => InvokeAsync(() =>
    {
        if (Items.Find(item => item.Key == key) is { } item)
        {
            item.Percent = Math.Clamp(percent, 0, 100);
            StateHasChanged();
        }
    });

    [JSInvokable]
    public Task StoredAsync(string key, Guid fileId) => ChangeAsync(key, item => item.StoredId = fileId.ToString());

    [JSInvokable]
    public Task FailedAsync(string key, string code, string message) => ChangeAsync(key, item =>
    {
        var known = Errors[code, message];
        item.Error = code.Length > 0 && !known.ResourceNotFound ? known.Value
            : message.Length > 0 ? message : Text["File.Lost"].Value;
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

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_given, Value) || (Value is null && Items.Exists(i => i.StoredId is null)))
        {
            return;
        }

        _given = Value;
        if (!JsonNode.DeepEquals(Value, Build()))
        {
            Items.Clear();
            Items.AddRange((Value is JsonArray list ? list : [Value?.DeepClone()]).OfType<JsonObject>().Select(Read));
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/upload.js");
            if (_module is not null)
            {
                _uploader = await _module.InvokeAsync<IJSObjectReference>("attach", _root, _self);
            }
        }
    }

    private static FormFile Read(JsonObject file) => new()
    {
        Name = file["filename"]?.ToString() ?? file["url"]?.ToString() ?? file["upload_file_id"]?.ToString() ?? "",
        Address = file["transfer_method"]?.ToString() == "remote_url" ? (file["url"] ?? file["remote_url"])?.ToString() : null,
        StoredId = (file["upload_file_id"] ?? file["related_id"])?.ToString(),
    };

    private string? Offer(OfferedFile offered)
    {
        var extension = Path.GetExtension(offered.Name).TrimStart('.').ToLowerInvariant();
        var limit = Limits.Value.BytesFor(FileKinds.Of(extension, null));
        var item = new FormFile { Name = offered.Name };
        item.Error = Items.Count(i => i.Error is null) >= Most ? Text["File.TooMany", Most].Value
            : Extensions.Count > 0 && !Extensions.Contains(extension) ? Text["File.WrongKind"].Value
            : offered.Size > limit ? Text["File.TooLarge", limit / (1024 * 1024)].Value
            : offered.Size == 0 ? Text["File.Empty"].Value : null;
        Items.Add(item);
        return item.Error is null ? item.Key : null;
    }

    private async Task OnKeyAsync(KeyboardEventArgs pressed)
    {
        _enter = pressed.Key == "Enter";
        if (_enter && IsAddress)
        {
            await AddAddressAsync();
        }
    }

    private async Task AddAddressAsync()
    {
        var address = _address.Trim();
        Items.Add(new FormFile { Name = address, Address = address });
        _address = "";
        await TellAsync();
    }

    private async Task RemoveAsync(FormFile item)
    {
        Items.Remove(item);
        if (item.IsUploading && _uploader is not null)
        {
            await _uploader.InvokeVoidAsync("cancel", item.Key);
        }

        await TellAsync();
    }

    private Task ChangeAsync(string key, Action<FormFile> change) => InvokeAsync(async () =>
    {
        if (Items.Find(item => item.Key == key) is { } item)
        {
            change(item);
            await TellAsync();
        }
    });

    private async Task TellAsync()
    {
        _given = Build();
        StateHasChanged();
        // The value first: whatever renders in between must not bring the old one back.
        await ValueChanged.InvokeAsync(_given);
        await BusyChanged.InvokeAsync(Items.Exists(i => i.IsUploading));
    }

    private JsonNode? Build()
    {
        var files = Items.Where(i => i.Error is null && !i.IsUploading).Select(item => (JsonNode)(item.Address is { } address
            ? new JsonObject { ["type"] = KindOf(item), ["transfer_method"] = "remote_url", ["url"] = address }
            : new JsonObject { ["type"] = KindOf(item), ["transfer_method"] = "local_file", ["upload_file_id"] = item.StoredId, ["filename"] = item.Name })).ToArray();
        return Field.Kind == StartField.FileList ? new JsonArray(files) : files.FirstOrDefault();
    }

    private string KindOf(FormFile item)
    {
        var extension = Path.GetExtension(item.Address is null ? item.Name : new Uri(item.Address).AbsolutePath).TrimStart('.').ToLowerInvariant();
        var kind = FileKinds.Of(extension, null);
        return kind == FileKinds.Custom && Field.Files.Kinds is [var only] ? only : kind;
    }
}
