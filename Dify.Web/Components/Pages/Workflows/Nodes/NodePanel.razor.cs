using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Nodes;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Workflows.Outline;
using Dify.Web.Components.Pages.Workflows.Runs;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>One node of a draft: its settings in words, what it did last, and running it alone.</summary>
public sealed partial class NodePanel : ComponentBase
{
    private NodeTab _tab;
    private string? _shown;
    private IReadOnlyList<NodeFact>? _facts;
    private DraftNode? _read;
    private TraceStep? _stored;
    private bool _loading;

    [Parameter, EditorRequired]
    public Guid AppId { get; set; }

    [Parameter, EditorRequired]
    public required DraftGraph Graph { get; set; }

    [Parameter, EditorRequired]
    public required DraftNode Node { get; set; }

    /// <summary>The run that the page shows; its step comes before the stored one.</summary>
    [Parameter]
    public RunTrace? Trace { get; set; }

    /// <summary>What the check says of this node.</summary>
    [Parameter]
    public IReadOnlyList<GraphIssue> Issues { get; set; } = [];

    [Parameter]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Parameter]
    public EventCallback OnClose { get; set; }

    [Inject]
    private RunHistory History { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private IEnumerable<NodeTab> Tabs => Enum.GetValues<NodeTab>().Where(tab => tab != NodeTab.Try || NodeCatalog.Find(Node.Type)?.RunsAlone == true);

    private TraceStep? Last => Trace?.LastOf(Node.Id) ?? _stored;

    private IReadOnlyList<NodeFact> Facts
    {
        get
        {
            if (_facts is null || !ReferenceEquals(_read, Node))
            {
                _read = Node;
                _facts = NodeSummary.Of(Graph, Node, Text);
            }

            return _facts;
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Node.Id)
        {
            return;
        }

        _shown = Node.Id;
        _stored = null;
        _tab = Trace?.LastOf(Node.Id) is not null ? NodeTab.LastRun : _tab is NodeTab.LastRun ? NodeTab.LastRun : NodeTab.Settings;
        if (_tab is NodeTab.LastRun)
        {
            await LoadAsync();
        }
    }

    private async Task ShowAsync(NodeTab tab)
    {
        _tab = tab;
        if (tab is NodeTab.LastRun)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var wanted = Node.Id;
        _loading = Last is null;
        await Feedback.TryAsync(async () =>
        {
            var found = await History.FindLastOfNodeAsync(await Member.GetActorAsync(), AppId, wanted);
            if (wanted == Node.Id)
            {
                _stored = found is null ? null : RunTrace.StepOf(found, StepState.Stopped);
            }
        });
        _loading = false;
    }

    private void Ran(NodeExecution done) => _stored = RunTrace.StepOf(done, StepState.Stopped);
}
