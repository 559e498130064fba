using Dify.Core.Realtime;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Workflows.Runs;
using Xunit;
using NodeExecution = Dify.Core.Workflows.Runs.NodeExecution;

namespace Dify.Tests.Web.Components.Workflows;

public sealed class RunTraceTests
{
    private long _number;

    [Fact]
    public void A_step_runs_is_tried_again_and_ends_with_what_it_took_and_gave()
    {
        var trace = New();
        Apply(trace, "workflow_started", """{"inputs":{"city":"Oslo"},"created_at":100}""");
        Apply(trace, "node_started", """{"id":"e1","node_id":"a","node_type":"http-request","title":"Call","index":1,"created_at":100}""");
        Assert.Equal(StepState.Running, trace.StateOf("a"));
        Assert.Equal(StepState.Pending, trace.StateOf("b"));

        Apply(trace, "node_retry", """{"id":"e1","node_id":"a","retry_index":0,"error":"no answer","status":"retry"}""");
        Apply(trace, "node_finished", """{"id":"e1","node_id":"a","status":"succeeded","inputs":{"u":1},"process_data":{"r":2},"outputs":{"body":"x"},"elapsed_time":1.5,"execution_metadata":{"total_tokens":7}}""");
        var step = Assert.Single(trace.Steps);
        Assert.Equal((StepState.Succeeded, 1, 7, 1.5), (step.State, step.Retries, step.Tokens, step.ElapsedSeconds));
        Assert.Equal(("{\"u\":1}", "{\"r\":2}", "{\"body\":\"x\"}"), (step.Inputs, step.ProcessData, step.Outputs));
        Assert.Equal("no answer", Assert.Single(step.RetryErrors));

        Apply(trace, "workflow_finished", """{"status":"succeeded","outputs":{"answer":"hi"},"elapsed_time":2,"total_tokens":7,"total_steps":1}""");
        Assert.Equal((StepState.Succeeded, "{\"answer\":\"hi\"}"), (trace.State, trace.Outputs));
        Assert.Equal(StepState.Skipped, trace.StateOf("b"));
    }

    [Fact]
    public void Pieces_of_text_are_handed_on()
    {
        var trace = New();
        Assert.Equal("Hel", Apply(trace, "text_chunk", """{"text":"Hel","from_variable_selector":["llm","text"]}"""));
        Assert.Null(Apply(trace, "node_started", """{"id":"e1","node_id":"a"}"""));
    }

    [Fact]
    public void What_runs_inside_an_iteration_lies_in_its_rounds()
    {
        var trace = New();
        Apply(trace, "iteration_started", """{"id":"i1","node_id":"it","node_type":"iteration","title":"Each"}""");
        Apply(trace, "iteration_next", """{"id":"i1","node_id":"it","index":0}""");
        Apply(trace, "node_started", """{"id":"e1","node_id":"x","node_type":"code","iteration_id":"it"}""");
        Apply(trace, "node_finished", """{"id":"e1","node_id":"x","status":"succeeded","execution_metadata":{"iteration_index":0}}""");
        Apply(trace, "iteration_next", """{"id":"i1","node_id":"it","index":1}""");
        Apply(trace, "node_started", """{"id":"e2","node_id":"x","node_type":"code","iteration_id":"it"}""");
        Apply(trace, "node_finished", """{"id":"e2","node_id":"x","status":"failed","error":"bad","execution_metadata":{"iteration_index":1}}""");
        Apply(trace, "iteration_completed", """{"id":"i1","node_id":"it","status":"succeeded","outputs":{"output":[1,null]},"elapsed_time":0.2}""");

        var iteration = Assert.Single(trace.Steps);
        Assert.Equal((2, StepState.Succeeded), (iteration.Rounds, iteration.State));
        Assert.Equal([(0, StepState.Succeeded), (1, StepState.Failed)], iteration.Inside.Select(s => (s.Round, s.State)));
        Assert.Equal(StepState.Failed, trace.StateOf("x"));
        Assert.Equal(2, trace.CountOf("x"));
    }

    [Fact]
    public void A_pause_shows_the_form_and_the_end_takes_it_away()
    {
        var trace = New();
        Apply(trace, "node_started", """{"id":"e1","node_id":"h","node_type":"human-input"}""");
        Apply(trace, "human_input_required", """{"node_id":"h","form_token":"secret"}""");
        Apply(trace, "workflow_paused", """{"status":"paused"}""");
        Assert.Equal((StepState.Paused, StepState.Paused), (trace.State, trace.StateOf("h")));
        Assert.Equal("secret", Assert.Single(trace.FormTokens));

        Apply(trace, "workflow_finished", """{"status":"stopped","outputs":{}}""");
        Assert.Equal((StepState.Stopped, StepState.Stopped), (trace.State, trace.StateOf("h")));
        Assert.Empty(trace.FormTokens);
    }

    [Fact]
    public void Steps_of_the_store_take_the_place_of_what_was_seen_and_nested_rounds_find_their_own_container()
    {
        var run = new WorkflowRun { InvokeFrom = "debugger", UserId = "u", Status = RunStatus.Failed, Error = "broke" };
        var trace = RunTrace.Of(run,
        [
            Node("outer", 1), Node("inner", 2, "outer#0", "outer", 0), Node("x", 3, "outer#0/inner#0", "inner", 0),
            Node("inner", 4, "outer#1", "outer", 1), Node("x", 5, "outer#1/inner#0", "inner", 0),
        ]);
        var outer = Assert.Single(trace.Steps);
        Assert.Equal([0, 1], outer.Inside.Select(s => s.Round));
        Assert.All(outer.Inside, inner => Assert.Single(inner.Inside));
        Assert.Equal((StepState.Failed, "broke"), (trace.State, trace.Error));
    }

    [Fact]
    public void An_event_of_a_kind_that_is_not_known_changes_nothing()
    {
        var trace = New();
        Assert.Null(Apply(trace, "agent_log", """{"id":"x","data":[1]}"""));
        Assert.Equal((StepState.Running, 0), (trace.State, trace.StepCount));
    }

    private static RunTrace New() => new() { RunId = Guid.CreateVersion7() };

    private static NodeExecution Node(string id, int index, string path = "", string? iteration = null, int? round = null) => new()
    {
        NodeId = id, NodeType = id == "x" ? "code" : "iteration", Index = index, Path = path, IterationId = iteration, IterationIndex = round,
        Status = NodeStatus.Succeeded, FinishedAt = DateTimeOffset.UnixEpoch,
    };

    private string? Apply(RunTrace trace, string name, string data) =>
        trace.Apply(new RunEvent(++_number, name, $$"""{"event":"{{name}}","data":{{data}}}"""));
}
