using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer;
using Dify.Core.Common;
using Dify.Web.Components.Shared;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio.Transfer;

/// <summary>
/// Takes an app file from the disk, an address or the clipboard; answers the id of the app. What is large goes over HTTP
/// by a script, since the circuit's messages are small.
/// </summary>
public sealed partial class ImportDialog : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private ElementReference _root;
    private IJSObjectReference? _module;
    private ImportWay _way;
    private string? _fileName;
    private string _url = "";
    private string? _error;
    private bool _busy;
    private AppImportResponse? _pending;

    /// <summary>The workflow app whose draft the file replaces; null: a new app is made.</summary>
    [Parameter]
    public Core.Apps.App? Target { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private AppImportService Imports { get; set; } = null!;

    [Inject]
    private ImportedApps Imported { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    private bool CanImport => !_busy && _way switch
    {
        _ when _pending is not null => true,
        ImportWay.File => _fileName is not null,
        ImportWay.Url => !string.IsNullOrWhiteSpace(_url),
        _ => true,
    };

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its script with it.
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/appImport.js");
            await _module.InvokeVoidAsync("attach", _root);
        }
    }

    private void Choose(ImportWay way) => (_way, _error) = (way, null);

    private void Picked(ChangeEventArgs change)
    {
        var path = change.Value?.ToString() ?? "";
        _fileName = path.Length == 0 ? null : path[(path.LastIndexOfAny(['\\', '/']) + 1)..];
        (_way, _error) = (ImportWay.File, null);
    }

    private Task ImportAsync() => WorkAsync(async () => _way == ImportWay.Url
        ? AppImportResponse.From(await Imports.ImportAsync(
            await Member.GetActorAsync(), new ImportRequest(ImportRequest.FromUrl, YamlUrl: _url) { Wishes = new ImportWishes { AppId = Target?.Id } }))
        : Read(await _module!.InvokeAsync<string>("send", Patience, _root, _way.ToString(), Target?.Id)));

    private Task ConfirmAsync() => WorkAsync(async () =>
    {
        var answer = await Imports.ConfirmAsync(await Member.GetActorAsync(), _pending!.Id);
        _pending = null;
        return AppImportResponse.From(answer);
    });

    private async Task WorkAsync(Func<Task<AppImportResponse>> work)
    {
        (_busy, _error) = (true, null);
        try
        {
            Show(await work());
        }
        catch (DifyException failure)
        {
            _error = Feedback.Describe(failure);
        }
        catch (JSException)
        {
            _error = Text["Import.NoConnection"];
        }
        finally
        {
            _busy = false;
        }
    }

    private void Show(AppImportResponse answer)
    {
        if (answer.AppId is { } appId && answer.Report is { } report)
        {
            Imported.Remember(appId, report.Changes);
            Dialog.Close(DialogResult.Ok(appId));
        }
        else if (answer.Status == ImportStatus.Pending.ToWire())
        {
            _pending = answer;
        }
        else
        {
            _error = answer.Error;
        }
    }

    private AppImportResponse Read(string json)
    {
        if (json.Length == 0)
        {
            return Failed(Text["Import.Nothing"]);
        }

        try
        {
            var answer = JsonNode.Parse(json) as JsonObject;
            return answer?["status"]?.GetValueKind() == JsonValueKind.String
                ? answer.Deserialize<AppImportResponse>(JsonDefaults.Wire)!
                : Failed(answer?["message"]?.ToString() ?? Text["Import.NoConnection"]);
        }
        catch (JsonException)
        {
            // A proxy between answered in its own words.
            return Failed(Text["Import.NoConnection"]);
        }
    }

    private static AppImportResponse Failed(string error) => new(Guid.Empty, ImportStatus.Failed.ToWire(), null, null, "", "", error, null);
}
