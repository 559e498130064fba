using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>Follows the documents of one upload until each has ended. Leaving the page stops nothing.</summary>
public sealed partial class ProcessingStep : ComponentBase, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private IReadOnlyList<Document>? _documents;
    private LiveDocuments? _live;

    [Parameter, EditorRequired]
    public Guid KnowledgeBaseId { get; set; }

    [Parameter, EditorRequired]
    public string Batch { get; set; } = "";

    /// <summary>Every document has ended, well or not.</summary>
    [Parameter]
    public EventCallback OnDone { get; set; }

    [Inject]
    private DocumentService Documents { get; set; } = null!;

    [Inject]
    private DocumentProgress Progress { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Inject]
    private IStringLocalizer<KnowledgeText> Words { get; set; } = null!;

    private bool IsDone => _documents?.All(document => !KnowledgeWords.IsMoving(document)) is true;

    private bool HasFailed => _documents?.Any(document => document.DisplayStatus == DocumentDisplayStatus.Error) is true;

    public void Dispose() => _live?.Dispose();

    protected override async Task OnInitializedAsync()
    {
        await Feedback.TryAsync(LoadAsync);
        _live = new LiveDocuments(Progress, KnowledgeBaseId, Clock, Beat, () => InvokeAsync(async () =>
        {
            if (!IsDone)
            {
                await LoadAsync();
                StateHasChanged();
                if (IsDone)
                {
                    await OnDone.InvokeAsync();
                }
            }
        }));
    }

    private async Task LoadAsync() =>
        _documents = await Documents.GetBatchAsync(await Member.GetActorAsync(), KnowledgeBaseId, Batch);

    private string StageOf(Document document) => document switch
    {
        { DisplayStatus: not DocumentDisplayStatus.Indexing } => Words[$"Status.{document.DisplayStatus}"],
        { IndexingStatus: IndexingStatus.Indexing } =>
            Words["Stage.Indexing", document.CompletedSegments, document.SegmentCount],
        _ => Words[$"Stage.{document.IndexingStatus}"],
    };

    private Task<bool> PauseAsync(Document document) => ActAsync(actor => Documents.PauseAsync(actor, KnowledgeBaseId, document.Id));

    private Task<bool> ResumeAsync(Document document) => ActAsync(actor => Documents.ResumeAsync(actor, KnowledgeBaseId, document.Id));

    private Task<bool> RetryAsync(Document document) => ActAsync(actor => Documents.RetryAsync(actor, KnowledgeBaseId, [document.Id]));

    private Task<bool> ActAsync(Func<Core.Workspaces.Actor, Task> act) => Feedback.TryAsync(async () =>
    {
        await act(await Member.GetActorAsync());
        await LoadAsync();
    });
}
