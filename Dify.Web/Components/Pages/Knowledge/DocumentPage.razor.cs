using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>A document as the chunks that are searched, each of which can be read, edited, switched off and deleted.</summary>
public sealed partial class DocumentPage : ComponentBase, IDisposable
{
    private const int PageSize = 20;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private Document? _document;
    private Page<Segment>? _segments;
    private Segment? _editing;
    private LiveDocuments? _live;
    private Guid _loaded;
    private string? _missing;
    private string? _keyword;
    private bool? _enabled;
    private bool _open;
    private bool _keywordsMatter;
    private int _page = 1;

    [Parameter]
    public Guid Id { get; set; }

    [Parameter]
    public Guid DocumentId { get; set; }

    [Inject]
    private KnowledgeService Bases { get; set; } = null!;

    [Inject]
    private DocumentService Documents { get; set; } = null!;

    [Inject]
    private SegmentService Segments { get; set; } = null!;

    [Inject]
    private DocumentActions Actions { get; set; } = null!;

    [Inject]
    private DocumentProgress Progress { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Inject]
    private IStringLocalizer<KnowledgeText> Words { get; set; } = null!;

    private bool IsFiltered => _enabled is not null || !string.IsNullOrWhiteSpace(_keyword);

    private bool CanEdit => _document?.DisplayStatus == DocumentDisplayStatus.Available;

    public void Dispose() => _live?.Dispose();

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded == DocumentId)
        {
            return;
        }

        _loaded = DocumentId;
        _live?.Dispose();
        try
        {
            var knowledge = await Bases.GetAsync(await Member.GetActorAsync(), Id);
            _keywordsMatter = knowledge.KnowledgeBase.IndexingTechnique == IndexingTechnique.Economy;
            await LoadAsync();
            _live = new LiveDocuments(Progress, Id, Clock, Beat, () => InvokeAsync(RefreshAsync));
        }
        catch (DifyException failure)
        {
            _missing = Feedback.Describe(failure);
        }
    }

    private async Task RefreshAsync()
    {
        if (_document is not null && KnowledgeWords.IsMoving(_document))
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        var actor = await Member.GetActorAsync();
        _document = await Documents.GetAsync(actor, Id, DocumentId);
        _segments = await Segments.ListAsync(actor, Id, DocumentId, new SegmentFilter(_keyword?.Trim(), _enabled, _page, PageSize));
        if (_segments.Items.Count == 0 && _page > 1)
        {
            // The last page was emptied.
            _page = Math.Max(1, (int)Math.Ceiling((_segments.Total ?? 0) / (double)PageSize));
            await LoadAsync();
        }
    }

    private Task<bool> FilterAsync(ChangeEventArgs change)
    {
        _enabled = bool.TryParse(change.Value?.ToString(), out var on) ? on : null;
        return TurnAsync(1);
    }

    private Task<bool> SearchAsync(string? keyword)
    {
        _keyword = keyword;
        return TurnAsync(1);
    }

    private Task<bool> TurnAsync(int page)
    {
        _page = page;
        return Feedback.TryAsync(LoadAsync);
    }

    private void Open(Segment? segment) => (_editing, _open) = (segment, true);

    private async Task SavedAsync()
    {
        _open = false;
        await Feedback.TryAsync(LoadAsync);
    }

    private Task<bool> SwitchAsync(Segment segment, bool on) => Feedback.TryAsync(async () =>
    {
        await Segments.SetEnabledAsync(await Member.GetActorAsync(), Id, DocumentId, [segment.Id], on);
        await LoadAsync();
    });

    private async Task DeleteAsync(Segment segment)
    {
        if (await Dialogs.ConfirmAsync(Words["Segment.Delete.Title", segment.Position], Words["Segment.Delete.Message"], Words["Action.Delete"]))
        {
            await Feedback.TryAsync(async () =>
            {
                await Segments.DeleteAsync(await Member.GetActorAsync(), Id, DocumentId, [segment.Id]);
                await LoadAsync();
            });
        }
    }

    private async Task ActAsync(DocumentAction action)
    {
        if (await Actions.RunAsync(action, _document!))
        {
            await Feedback.TryAsync(LoadAsync);
        }
    }
}
