using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Web.Components.Pages.Studio;
using Dify.Web.Components.Pages.Workflows.Forms;
using Dify.Web.Components.Pages.Workflows.Outline;
using Dify.Web.Components.Pages.Workflows.Versions;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows;

/// <summary>A workflow or chatflow as a plain page: its steps at the left; running it, one step, issues, runs and versions at the right.</summary>
public sealed partial class WorkflowPage : ComponentBase, IAsyncDisposable
{
    private Core.Apps.App? _app;
    private Actor? _actor;
    private WorkflowDraft? _draft;
    private DraftGraph _graph = DraftGraph.Empty;
    private IReadOnlyList<OutlineRow> _rows = [];
    private IReadOnlyList<StartField> _fields = [];
    private IReadOnlyList<GraphIssue> _issues = [];
    private Dictionary<string, bool> _nodeIssues = [];
    private Dictionary<string, string> _members = [];
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private WorkflowSide _side;
    private string? _selected;
    private bool _beside;
    private bool _hasChanges;
    private bool _publishing;
    private string? _announcement;

    [Parameter]
    public Guid AppId { get; set; }

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private WorkflowDraftService Drafts { get; set; } = null!;

    [Inject]
    private MemberService People { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    private bool IsChatflow => _app?.Mode == AppMode.AdvancedChat;

    private bool HasErrors => _issues.Any(i => i.IsError);

    private string SideTitle => _side switch
    {
        WorkflowSide.Node => Text["NodePanel.Title"],
        WorkflowSide.Issues => Text["Check.Title"],
        WorkflowSide.History => Text["History.Title"],
        WorkflowSide.Versions => Text["Versions.Title"],
        _ => Text[IsChatflow ? "Run.Preview" : "Run.Test"],
    };

    public ValueTask DisposeAsync()
    {
        StopWatching();
        return ValueTask.CompletedTask;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_app?.Id == AppId)
        {
            return;
        }

        StopWatching();
        (_app, _draft, _trace, _side, _selected) = (null, null, null, WorkflowSide.Run, null);
        _actor = await Member.GetActorAsync();
        var app = await Apps.GetAsync(_actor, AppId);
        if (app.Mode is not (AppMode.Workflow or AppMode.AdvancedChat))
        {
            Navigation.NavigateTo($"/app/{AppId}/configuration", replace: true);
            return;
        }

        _members = (await People.ListAsync(_actor)).ToDictionary(m => m.AccountId.ToString(), m => m.Name);
        _app = app;
        await LoadDraftAsync();
        await ResumeAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await Script.ReadTimeZoneAsync() is { } zone)
        {
            _zone = zone;
            StateHasChanged();
        }
    }

    private async Task LoadDraftAsync()
    {
        var draft = await Drafts.GetAsync(_actor!, AppId);
        if (_draft?.Hash != draft.Hash)
        {
            _graph = DraftGraph.Read(draft.Content.Graph);
            _rows = GraphOutline.Of(_graph);
            _fields = StartFields.Of(_graph);
            _values = RunFormValues.WithDefaults(_fields, _values);
        }

        _draft = draft;
        await ReadIssuesAsync();
        await CompareAsync();
    }

    private async Task ReadIssuesAsync()
    {
        _issues = await Drafts.CheckAsync(_actor!, AppId);
        _nodeIssues = _issues.Where(i => i.NodeId is not null).GroupBy(i => i.NodeId!).ToDictionary(g => g.Key, g => g.Any(i => i.IsError));
    }

    private async Task CompareAsync() =>
        _hasChanges = (await Drafts.ListVersionsAsync(_actor!, AppId, limit: 1)).Items is not [var latest] || latest.Hash != _draft!.Hash;

    private IReadOnlyList<GraphIssue> IssuesOf(string nodeId) => [.. _issues.Where(i => i.NodeId == nodeId)];

    private string Pressed(WorkflowSide side) => _side == side ? "true" : "false";

    private void Show(WorkflowSide side) => (_side, _beside) = (side, true);

    private void ShowRun() => Show(WorkflowSide.Run);

    private void SelectNode(string nodeId)
    {
        _selected = nodeId;
        Show(WorkflowSide.Node);
    }

    private async Task CheckAsync()
    {
        Show(WorkflowSide.Issues);
        await Feedback.TryAsync(LoadDraftAsync);
    }

    private async Task PublishAsync()
    {
        await Feedback.TryAsync(LoadDraftAsync);
        if (HasErrors)
        {
            Feedback.Error(Text["Publish.HasErrors"]);
            Show(WorkflowSide.Issues);
            return;
        }

        if (await Dialogs.DescribeVersionAsync(Text["Publish.Title"], Text["Publish.Action"]) is not { } words)
        {
            return;
        }

        _publishing = true;
        try
        {
            if (await Feedback.TryAsync(async () => _app = await Apps.PublishWorkflowAsync(await Member.GetActorAsync(), AppId, words.Name, words.Note)))
            {
                await LoadDraftAsync();
                Feedback.Success(Text["Publish.Done"]);
            }
        }
        finally
        {
            _publishing = false;
        }
    }

    private async Task RestoredAsync()
    {
        await LoadDraftAsync();
        _trace = null;
        Feedback.Success(Text["Versions.Restored"]);
    }

    private void ShowInfo(Core.Apps.App changed) => _app = changed;
}
