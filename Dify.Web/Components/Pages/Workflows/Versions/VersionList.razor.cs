using Dify.Core.Workflows.Drafts;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows.Versions;

/// <summary>What was published of a workflow, newest first: naming, restoring, deleting.</summary>
public sealed partial class VersionList : ComponentBase
{
    private const int PageSize = 20;

    private List<WorkflowVersion>? _versions;
    private int _page;
    private bool _hasMore;
    private bool _loading;
    private bool _onlyMine;
    private bool _onlyNamed;

    [Parameter, EditorRequired]
    public Guid AppId { get; set; }

    /// <summary>The version that end users get.</summary>
    [Parameter]
    public Guid? PublishedId { get; set; }

    /// <summary>Names of members by account id.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, string> Members { get; set; } = new Dictionary<string, string>();

    [Parameter]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>A version is the draft again.</summary>
    [Parameter]
    public EventCallback OnRestored { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    [Inject]
    private WorkflowDraftService Drafts { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private bool IsFiltered => _onlyMine || _onlyNamed;

    private Guid? _shown;

    protected override async Task OnParametersSetAsync()
    {
        // A publication while the list is open belongs into it.
        if (_versions is null || _shown != PublishedId)
        {
            _shown = PublishedId;
            await Feedback.TryAsync(() => LoadAsync(1));
            _versions ??= [];
        }
    }

    private Task<bool> FilterAsync(bool onlyMine, bool onlyNamed)
    {
        (_onlyMine, _onlyNamed) = (onlyMine, onlyNamed);
        return Feedback.TryAsync(() => LoadAsync(1));
    }

    private Task<bool> LoadMoreAsync() => Feedback.TryAsync(() => LoadAsync(_page + 1));

    private async Task LoadAsync(int page)
    {
        _loading = true;
        try
        {
            var found = await Drafts.ListVersionsAsync(await Member.GetActorAsync(), AppId, page, PageSize, _onlyMine, _onlyNamed);
            var before = page == 1 ? [] : _versions ?? [];
            _versions = [.. before, .. found.Items.ExceptBy(before.Select(v => v.Id), v => v.Id)];
            (_page, _hasMore) = (page, found.HasMore);
        }
        finally
        {
            _loading = false;
        }
    }

    private async Task RenameAsync(WorkflowVersion version)
    {
        if (await Dialogs.DescribeVersionAsync(Text["Versions.Rename"], Text["Save"], new VersionWords(version.Name, version.Note)) is { } words)
        {
            await Feedback.TryAsync(async () =>
            {
                var renamed = await Drafts.RenameVersionAsync(await Member.GetActorAsync(), AppId, version.Id, words.Name, words.Note);
                _versions = [.. _versions!.Select(v => v.Id == renamed.Id ? renamed : v)];
            });
        }
    }

    private async Task RestoreAsync(WorkflowVersion version)
    {
        if (await Dialogs.ConfirmAsync(Text["Versions.Restore.Title"], Text["Versions.Restore.Help"], Text["Versions.Restore"])
            && await Feedback.TryAsync(async () => await Drafts.RestoreAsync(await Member.GetActorAsync(), AppId, version.Id)))
        {
            await OnRestored.InvokeAsync();
        }
    }

    private async Task DeleteAsync(WorkflowVersion version)
    {
        if (await Dialogs.ConfirmAsync(Text["Versions.Delete.Title"], Text["Versions.Delete.Help"], Text["Versions.Delete"])
            && await Feedback.TryAsync(async () => await Drafts.DeleteVersionAsync(await Member.GetActorAsync(), AppId, version.Id)))
        {
            _versions!.RemoveAll(v => v.Id == version.Id);
        }
    }
}
