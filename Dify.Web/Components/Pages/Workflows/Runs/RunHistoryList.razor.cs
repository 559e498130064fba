using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>Runs of a draft, newest first.</summary>
public sealed partial class RunHistoryList : ComponentBase
{
    private const int PageSize = 20;

    private List<WorkflowRun>? _runs;
    private int _page;
    private bool _hasMore;
    private bool _loading;

    [Parameter, EditorRequired]
    public Guid AppId { get; set; }

    /// <summary>Names of members by account id.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, string> Members { get; set; } = new Dictionary<string, string>();

    /// <summary>The run that the page shows.</summary>
    [Parameter]
    public Guid? Shown { get; set; }

    [Parameter]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Parameter]
    public EventCallback<WorkflowRun> OnOpen { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    [Inject]
    private RunHistory History { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        await Feedback.TryAsync(() => LoadAsync(1));
        _runs ??= [];
    }

    private Task<bool> LoadMoreAsync() => Feedback.TryAsync(() => LoadAsync(_page + 1));

    private async Task LoadAsync(int page)
    {
        _loading = true;
        try
        {
            var found = await History.ListAsync(await Member.GetActorAsync(), AppId, new RunFilter(RunTrigger.Draft, Page: page, Limit: PageSize));
            _runs = [.. _runs ?? [], .. found.Items.ExceptBy((_runs ?? []).Select(r => r.Id), r => r.Id)];
            (_page, _hasMore) = (page, found.HasMore);
        }
        finally
        {
            _loading = false;
        }
    }
}
