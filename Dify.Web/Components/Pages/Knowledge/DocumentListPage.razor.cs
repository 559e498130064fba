using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>The documents of a base, live while some are being indexed.</summary>
public sealed partial class DocumentListPage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly HashSet<Guid> _chosen = [];
    private Page<Document>? _documents;
    private KnowledgeFrame? _frame;
    private LiveDocuments? _live;
    private Guid _loaded;
    private DocumentDisplayStatus? _status;
    private string? _keyword;
    private int _page = 1;
    private int _limit = 10;
    private int _request;

    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    private DocumentService Documents { get; set; } = null!;

    [Inject]
    private DocumentActions Actions { get; set; } = null!;

    [Inject]
    private DocumentProgress Progress { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private bool IsFiltered => _status is not null || !string.IsNullOrWhiteSpace(_keyword);

    public void Dispose() => _live?.Dispose();

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded == Id)
        {
            return;
        }

        _loaded = Id;
        _live?.Dispose();
        try
        {
            await LoadAsync();
        }
        catch (DifyException)
        {
            // The frame reads the same base and says what is wrong in the page's place.
            return;
        }

        _live = new LiveDocuments(Progress, Id, Clock, Beat, () => InvokeAsync(RefreshAsync));
    }

    private async Task RefreshAsync()
    {
        // Under a filter by state, documents come and go although none of those shown moves.
        if (_status is not null || _documents?.Items.Any(document => KnowledgeWords.IsMoving(document)) is true)
        {
            await LoadAsync();
            if (_frame is not null)
            {
                await _frame.ReloadAsync();
            }

            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        var request = ++_request;
        var found = await Documents.ListAsync(
            await Member.GetActorAsync(), Id, new DocumentFilter(_keyword?.Trim(), _status, _page, _limit));
        if (request == _request)
        {
            if (found.Items.Count == 0 && _page > 1)
            {
                // The last page was emptied.
                _page = Math.Max(1, (int)Math.Ceiling((found.Total ?? 0) / (double)_limit));
                await LoadAsync();
                return;
            }

            _documents = found;
            _chosen.IntersectWith(found.Items.Select(document => document.Id));
        }
    }

    private Task<bool> FilterAsync(ChangeEventArgs change)
    {
        _status = Enum.TryParse<DocumentDisplayStatus>(change.Value?.ToString(), out var status) ? status : null;
        return TurnAsync(1);
    }

    private Task<bool> SearchAsync(string? keyword)
    {
        _keyword = keyword;
        return TurnAsync(1);
    }

    private Task<bool> ResizeAsync(ChangeEventArgs change)
    {
        _limit = int.TryParse(change.Value?.ToString(), out var limit) && limit is 10 or 25 or 50 ? limit : 10;
        return TurnAsync(1);
    }

    private Task<bool> TurnAsync(int page)
    {
        _page = page;
        return Feedback.TryAsync(LoadAsync);
    }

    private void Choose(Guid id, bool on) => _ = on ? _chosen.Add(id) : _chosen.Remove(id);

    private void ChooseAll(ChangeEventArgs change)
    {
        _chosen.Clear();
        if (change.Value is true)
        {
            _chosen.UnionWith(_documents!.Items.Select(document => document.Id));
        }
    }

    private Task ActAsync(DocumentAction action) =>
        ActAsync(action, [.. _documents!.Items.Where(document => _chosen.Contains(document.Id))]);

    private async Task ActAsync(DocumentAction action, params Document[] documents)
    {
        if (await Actions.RunAsync(action, documents))
        {
            _chosen.Clear();
            await Feedback.TryAsync(LoadAsync);
            if (_frame is not null)
            {
                await _frame.ReloadAsync();
            }
        }
    }
}
