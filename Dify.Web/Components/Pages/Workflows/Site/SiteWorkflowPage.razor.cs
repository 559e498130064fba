using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Workflows.Forms;
using Dify.Web.Components.Pages.Workflows.Runs;
using Dify.Web.Components.Shared;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.WebUtilities;

namespace Dify.Web.Components.Pages.Workflows.Site;

/// <summary>The published web app of a workflow: a form, a run, its result. The address names the run, so that a visitor can come back to it.</summary>
public sealed partial class SiteWorkflowPage : ComponentBase, IDisposable
{
    private SiteState _state = SiteState.Loading;
    private string? _shownCode;
    private Core.Apps.App? _app;
    private string _visitor = "";
    private IReadOnlyList<StartField> _fields = [];
    private JsonObject _values = [];
    private RunForm? _form;
    private RunTrace? _trace;
    private RunWatch? _watch;
    private string? _failure;
    private string? _announcement;
    private bool _tried;
    private bool _uploading;
    private bool _starting;
    private bool _stopping;

    [Parameter]
    public string Code { get; set; } = "";

    [Parameter]
    public Guid? Run { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private WorkflowVersions Versions { get; set; } = null!;

    [Inject]
    private ConversationService Visitors { get; set; } = null!;

    [Inject]
    private WorkflowRunService Runs { get; set; } = null!;

    [Inject]
    private RunHistory History { get; set; } = null!;

    [Inject]
    private RunWatching Watching { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool IsBusy => _starting || _trace is { State: StepState.Running or StepState.Paused };

    public void Dispose() => _watch?.Dispose();

    protected override async Task OnParametersSetAsync()
    {
        if (_shownCode != Code)
        {
            _shownCode = Code;
            _state = await LoadAsync();
        }

        if (_state is SiteState.Ready && Run is { } run && _trace?.RunId != run)
        {
            await ComeBackAsync(run);
        }
    }

    private async Task<SiteState> LoadAsync()
    {
        _app = await Apps.FindSiteAsync(Code);
        if (_app is not { Mode: AppMode.Workflow } || await Versions.FindPublishedAsync(_app.WorkspaceId, _app.Id) is not { } published)
        {
            return SiteState.Missing;
        }

        if (SiteVisitors.SessionOf((await Authentication).User) is not { } session)
        {
            return SiteState.NoCookie;
        }

        _visitor = (await Visitors.GetEndUserAsync(_app.WorkspaceId, _app.Id, "browser", session)).Id.ToString();
        _fields = StartForm.Read(published.Graph.Root);
        var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query).ToDictionary(p => p.Key, p => p.Value.ToString());
        _values = RunFormValues.WithDefaults(_fields, RunFormValues.FromQuery(_fields, query));
        return SiteState.Ready;
    }

    /// <summary>A visitor sees their own runs only; another's is as if it were not there.</summary>
    private async Task ComeBackAsync(Guid runId)
    {
        if (await History.FindAsync(_app!.WorkspaceId, _app.Id, runId) is not { } run || run.UserId != _visitor || run.InvokeFrom != "web-app")
        {
            Navigation.NavigateTo(Address(null), replace: true);
            return;
        }

        try
        {
            _values = RunFormValues.WithDefaults(_fields, JsonNode.Parse(run.Inputs) as JsonObject ?? []);
        }
        catch (JsonException)
        {
            // The log cut them; the form keeps its defaults.
        }

        Follow(run.Id, run.CreatedAt);
    }

    private async Task RunAsync()
    {
        if (IsBusy)
        {
            return;
        }

        await (_form?.FlushAsync() ?? Task.CompletedTask);
        _tried = true;
        _failure = RunFormValues.Problems(_fields, _values).Count > 0 ? Text["Run.FillFirst"].Value : null;
        if (_failure is not null)
        {
            return;
        }

        _starting = true;
        StateHasChanged();
        try
        {
            // What was published since the page was opened is what runs.
            var published = await Versions.FindPublishedAsync(_app!.WorkspaceId, _app.Id)
                ?? throw DifyException.NotFound("The app is not published any more.");
            var started = await Runs.StartAsync(new WorkflowRunRequest
            {
                WorkspaceId = _app.WorkspaceId,
                AppId = _app.Id,
                VersionId = published.VersionId,
                UserId = _visitor,
                InvokeFrom = "web-app",
                Inputs = (JsonObject)_values.DeepClone(),
            });
            Follow(started.Id, started.CreatedAt);
            Navigation.NavigateTo(Address(started.Id), replace: Run is null);
        }
        catch (DifyException failure)
        {
            _failure = Feedback.Describe(failure);
        }
        finally
        {
            _starting = false;
        }
    }

    private void Follow(Guid runId, DateTimeOffset startedAt)
    {
        _watch?.Dispose();
        (_tried, _failure, _stopping) = (false, null, false);
        _trace = new RunTrace { RunId = runId, StartedAt = startedAt };
        var watch = _watch = Watching.Open(_trace, _app!.WorkspaceId, _app.Id);
        _announcement = Text["State.Running"];
        watch.Changed += () => _ = InvokeAsync(() => Changed(watch));
        watch.Start();
        _ = watch.Completion.ContinueWith(
            ended => DispatchExceptionAsync(ended.Exception!.GetBaseException()), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private void Changed(RunWatch watch)
    {
        if (!ReferenceEquals(watch, _watch))
        {
            return;
        }

        if (_trace!.State.IsEnd())
        {
            _stopping = false;
            _announcement = Text[$"State.{_trace.State}"];
        }

        StateHasChanged();
    }

    private async Task StopAsync()
    {
        _stopping = true;
        if (!await Feedback.TryAsync(() => Runs.StopAsync(_app!.WorkspaceId, _app.Id, _trace!.RunId)))
        {
            _stopping = false;
        }
    }

    private void Clear()
    {
        _values = RunFormValues.WithDefaults(_fields, []);
        (_tried, _failure) = (false, null);
    }

    private string Address(Guid? run) => $"/workflow/{Uri.EscapeDataString(Code)}{(run is { } id ? $"/{id}" : "")}";
}
