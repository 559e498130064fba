using Dify.Core.Apps;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Workflows;

/// <summary>What ran of a workflow app: published traffic, and test runs.</summary>
public sealed partial class LogsPage : ComponentBase
{
    private const int PageSize = 20;

    private static readonly int[] Periods = [0, 1, 7, 30];

    private Core.Apps.App? _app;
    private Actor? _actor;
    private List<WorkflowRun>? _runs;
    private Dictionary<string, string> _members = [];
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private RunStatus? _status;
    private string? _keyword;
    private bool _drafts;
    private int _days;
    private int _page = 1;
    private int _request;
    private bool _hasMore;
    private bool _loading;

    [Parameter]
    public Guid AppId { get; set; }

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private RunHistory History { get; set; } = null!;

    [Inject]
    private MemberService People { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool IsFiltered => _status is not null || _days > 0 || !string.IsNullOrWhiteSpace(_keyword);

    protected override async Task OnParametersSetAsync()
    {
        if (_app?.Id == AppId)
        {
            return;
        }

        _actor = await Member.GetActorAsync();
        _app = await Apps.GetAsync(_actor, AppId);
        _members = (await People.ListAsync(_actor)).ToDictionary(m => m.AccountId.ToString(), m => m.Name);
        await GoAsync(1);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await Script.ReadTimeZoneAsync() is { } zone)
        {
            _zone = zone;
            StateHasChanged();
        }
    }

    private Task<bool> FilterAsync(Action change)
    {
        change();
        return GoAsync(1);
    }

    private Task<bool> GoAsync(int page) => Feedback.TryAsync(async () =>
    {
        var request = ++_request;
        _loading = true;
        try
        {
            var found = await History.ListAsync(await Member.GetActorAsync(), AppId, new RunFilter(
                _drafts ? RunTrigger.Draft : RunTrigger.App, _status, _keyword?.Trim(),
                After: _days == 0 ? null : Time.GetUtcNow().AddDays(-_days), Page: page, Limit: PageSize));
            if (request == _request)
            {
                _runs = [.. found.Items];
                (_page, _hasMore) = (page, found.HasMore);
            }
        }
        finally
        {
            _loading = request != _request;
        }
    });

    private string NameOf(WorkflowRun run) => _members.GetValueOrDefault(run.UserId) ?? Text["Logs.Visitor", run.UserId.Length > 8 ? run.UserId[^8..] : run.UserId];

    private string SourceOf(WorkflowRun run)
    {
        var source = Text["Source." + run.InvokeFrom];
        return source.ResourceNotFound ? run.InvokeFrom : source.Value;
    }

    private void ShowInfo(Core.Apps.App changed) => _app = changed;
}
