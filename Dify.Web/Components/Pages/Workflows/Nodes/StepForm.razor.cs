using System.Text.Json.Nodes;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Workflows.Forms;
using Dify.Web.Components.Pages.Workflows.Outline;
using Dify.Web.Components.Pages.Workflows.Runs;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>Runs one node alone, with the variables that it names; they begin with the values of the last run.</summary>
public sealed partial class StepForm : ComponentBase
{
    private readonly HashSet<LongText> _boxes = [];
    private List<StepVariable>? _variables;
    private TraceStep? _done;
    private bool _running;
    private bool _tried;

    [Parameter, EditorRequired]
    public Guid AppId { get; set; }

    [Parameter, EditorRequired]
    public required DraftNode Node { get; set; }

    [Parameter, EditorRequired]
    public required DraftGraph Graph { get; set; }

    /// <summary>Fires with what was stored of it.</summary>
    [Parameter]
    public EventCallback<NodeExecution> OnRan { get; set; }

    [Inject]
    private WorkflowRunService Runs { get; set; } = null!;

    [Inject]
    private RunHistory History { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private LongText Box
    {
        set
        {
            if (value is not null)
            {
                _boxes.Add(value);
            }
        }
    }

    protected override async Task OnInitializedAsync()
    {
        var last = new JsonObject();
        await Feedback.TryAsync(async () => last = await History.ReadLastVariablesAsync(await Member.GetActorAsync(), AppId));
        var inside = Graph.Nodes.Where(n => n.ContainerId == Node.Id).Select(n => n.Id).Append(Node.Id).ToHashSet(StringComparer.Ordinal);
        _variables =
        [
            .. Graph.Nodes.Where(n => inside.Contains(n.Id)).SelectMany(n => ReadableReferences.Find(Graph, n.Data))
                .Where(selector => !inside.Contains(selector[0]))
                .DistinctBy(selector => string.Join('.', selector))
                .Select(selector => new StepVariable(selector, ReadableReferences.Name(Graph, selector), (last[selector[0]] as JsonObject)?[selector[1]])),
        ];
    }

    private async Task RunAsync()
    {
        _tried = true;
        foreach (var box in _boxes)
        {
            await box.FlushAsync();
        }

        if (_variables!.Exists(v => !v.IsValid))
        {
            return;
        }

        _running = true;
        _done = null;
        try
        {
            var inputs = new JsonObject();
            foreach (var variable in _variables)
            {
                inputs[variable.Key] = variable.Value;
            }

            await Feedback.TryAsync(async () =>
            {
                var done = await Runs.RunNodeAsync(await Member.GetActorAsync(), AppId, Node.Id, inputs);
                _done = RunTrace.StepOf(done, StepState.Stopped);
                await OnRan.InvokeAsync(done);
            });
        }
        finally
        {
            _running = false;
        }
    }
}
