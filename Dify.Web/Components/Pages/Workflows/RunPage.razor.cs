using Dify.Core.Apps;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Web.Components.Pages.Workflows.Runs;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Workflows;

/// <summary>One run by its address; one that goes on is watched.</summary>
public sealed partial class RunPage : ComponentBase, IDisposable
{
    private Core.Apps.App? _app;
    private Actor? _actor;
    private RunTrace? _trace;
    private RunWatch? _watch;
    private Dictionary<string, string> _members = [];
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private RunTab _tab = RunTab.Result;
    private bool _stopping;

    [Parameter]
    public Guid AppId { get; set; }

    [Parameter]
    public Guid RunId { get; set; }

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private WorkflowRunService Runs { get; set; } = null!;

    [Inject]
    private RunHistory History { get; set; } = null!;

    [Inject]
    private RunWatching Watching { get; set; } = null!;

    [Inject]
    private MemberService People { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    private string? Who => _trace?.Stored is { } run ? _members.GetValueOrDefault(run.UserId, run.UserId) : null;

    public void Dispose() => _watch?.Dispose();

    protected override async Task OnParametersSetAsync()
    {
        if (_trace?.RunId == RunId)
        {
            return;
        }

        _watch?.Dispose();
        _watch = null;
        _actor = await Member.GetActorAsync();
        _app = await Apps.GetAsync(_actor, AppId);
        _members = (await People.ListAsync(_actor)).ToDictionary(m => m.AccountId.ToString(), m => m.Name);
        var run = await History.GetAsync(_actor, AppId, RunId);
        _trace = RunTrace.Of(run, await History.ListNodesAsync(_actor, AppId, RunId));
        if (!_trace.State.IsEnd())
        {
            Follow(_trace);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await Script.ReadTimeZoneAsync() is { } zone)
        {
            _zone = zone;
            StateHasChanged();
        }
    }

    private void Follow(RunTrace trace)
    {
        var watch = _watch = Watching.Open(trace, _actor!, AppId);
        watch.Changed += () => _ = InvokeAsync(StateHasChanged);
        watch.Start();
        _ = watch.Completion.ContinueWith(
            ended => DispatchExceptionAsync(ended.Exception!.GetBaseException()), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private async Task StopAsync()
    {
        _stopping = true;
        await Feedback.TryAsync(async () => await Runs.StopAsync((await Member.GetActorAsync()).WorkspaceId, AppId, RunId));
        _stopping = false;
    }

    private void ShowInfo(Core.Apps.App changed) => _app = changed;
}
