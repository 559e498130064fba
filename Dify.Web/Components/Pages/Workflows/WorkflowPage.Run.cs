using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Workflows.Forms;
using Dify.Web.Components.Pages.Workflows.Runs;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Workflows;

/// <summary>Running the draft, watching it, stopping it, and coming back to it.</summary>
public sealed partial class WorkflowPage
{
    private JsonObject _values = [];
    private RunPanel? _panel;
    private RunTrace? _trace;
    private RunWatch? _watch;
    private LiveAnswer? _live;
    private RunTab _runTab;
    private string? _startFailure;
    private bool _formProblem;
    private bool _starting;
    private bool _stopping;

    [Inject]
    private WorkflowRunService Runs { get; set; } = null!;

    [Inject]
    private RunHistory History { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private RunWatching Watching { get; set; } = null!;

    private bool IsRunning => _trace is { State: StepState.Running or StepState.Paused };

    private string? Who => _trace?.Stored is { } run ? _members.GetValueOrDefault(run.UserId, run.UserId) : _actor is { } me ? _members.GetValueOrDefault(me.AccountId.ToString()) : null;

    private void ChangeValues(JsonObject values)
    {
        _values = values;
        if (_formProblem && RunFormValues.Problems(_fields, _values, withHidden: true).Count == 0)
        {
            (_formProblem, _startFailure) = (false, null);
        }
    }

    private async Task RunAsync()
    {
        if (_starting || IsRunning)
        {
            return;
        }

        await (_panel?.FlushAsync() ?? Task.CompletedTask);
        _formProblem = RunFormValues.Problems(_fields, _values, withHidden: true).Count > 0;
        _startFailure = _formProblem ? Text["Run.FillFirst"].Value : null;
        if (_formProblem)
        {
            return;
        }

        _starting = true;
        StateHasChanged();
        try
        {
            var started = await Runs.StartDraftAsync(await Member.GetActorAsync(), AppId, (JsonObject)_values.DeepClone());
            await LoadDraftAsync();
            Follow(new RunTrace { RunId = started.Id, StartedAt = started.CreatedAt });
        }
        catch (DifyException failure)
        {
            _startFailure = Feedback.Describe(failure);
        }
        finally
        {
            _starting = false;
        }
    }

    private void Follow(RunTrace trace)
    {
        StopWatching();
        _trace = trace;
        _watch = Watching.Open(trace, _actor!, AppId);
        _live = _watch.Text;
        _runTab = RunTab.Result;
        _announcement = Text["State.Running"];
        var watch = _watch;
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
        if (!await Feedback.TryAsync(async () => await Runs.StopAsync((await Member.GetActorAsync()).WorkspaceId, AppId, _trace!.RunId)))
        {
            _stopping = false;
        }
    }

    private void StopWatching()
    {
        _watch?.Dispose();
        _watch = null;
        _live = null;
        _stopping = false;
    }

    /// <summary>A run of this member that is not over is watched again; of one that is, the inputs come back.</summary>
    private async Task ResumeAsync()
    {
        var filter = new RunFilter(RunTrigger.Draft, UserId: _actor!.AccountId.ToString(), Limit: 1);
        if ((await History.ListAsync(_actor, AppId, filter)).Items is not [var last])
        {
            return;
        }

        try
        {
            var whole = await History.GetAsync(_actor, AppId, last.Id);
            _values = RunFormValues.WithDefaults(_fields, JsonNode.Parse(whole.Inputs) as JsonObject ?? []);
        }
        catch (JsonException)
        {
            // The log cut them; the form begins with its defaults.
        }

        if (!StepStates.Of(last.Status).IsEnd() && !IsChatflow)
        {
            Follow(RunTrace.Of(last, await History.ListNodesAsync(_actor, AppId, last.Id)));
        }
    }

    private Task<bool> OpenRunAsync(WorkflowRun run) => Feedback.TryAsync(async () =>
    {
        if (IsChatflow)
        {
            Navigation.NavigateTo($"/app/{AppId}/logs/{run.Id}");
            return;
        }

        var whole = await History.GetAsync(_actor!, AppId, run.Id);
        var trace = RunTrace.Of(whole, await History.ListNodesAsync(_actor!, AppId, run.Id));
        if (trace.State.IsEnd())
        {
            StopWatching();
            (_trace, _runTab) = (trace, RunTab.Result);
        }
        else
        {
            Follow(trace);
        }

        Show(WorkflowSide.Run);
    });

    /// <summary>The steps show how the answer of a chatflow comes about.</summary>
    private void FollowAnswer(Guid runId) => Follow(new RunTrace { RunId = runId, StartedAt = Time.GetUtcNow() });
}
