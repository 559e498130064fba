using Dify.Web.Components.Pages.Workflows.Nodes;
using Dify.Web.Components.Pages.Workflows.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Workflows.Outline;

/// <summary>The steps of a workflow as a tree to read, search and choose from, with how each stands in a run.</summary>
public sealed partial class OutlineView : ComponentBase, IAsyncDisposable
{
    /// <summary>Deeper lines keep this indentation: a narrow page has no room for more.</summary>
    private const int DeepestIndent = 6;

    private ElementReference _tree;
    private IJSObjectReference? _module;
    private IJSObjectReference? _keys;
    private OutlineRow? _firstDetached;
    private string _search = "";

    [Parameter, EditorRequired]
    public required IReadOnlyList<OutlineRow> Rows { get; set; }

    /// <summary>The run to show; null: none.</summary>
    [Parameter]
    public RunTrace? Trace { get; set; }

    /// <summary>Nodes with something wrong; true: an error.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, bool>? Issues { get; set; }

    [Parameter]
    public string? Selected { get; set; }

    [Parameter]
    public EventCallback<string> OnSelect { get; set; }

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private IReadOnlyList<OutlineRow> Found => _search.Trim() is not { Length: > 0 } wanted
        ? Rows
        : [.. Rows.Where(r => r.Node is { } node && (Has(node.Title, wanted) || Has(node.Type, wanted) || Has(Names.NodeType(node.Type), wanted)))
            .Select(r => r with { Lane = null, Depth = 0 })];

    /// <summary>One line can be reached with Tab; the arrow keys lead to the others.</summary>
    private string? Focusable => Found.Any(r => r.Node?.Id == Selected) ? Selected : Found.FirstOrDefault(r => r.Node is not null)?.Node?.Id;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_keys is not null)
            {
                await _keys.InvokeVoidAsync("dispose");
                await _keys.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its keys with it.
        }
    }

    protected override void OnParametersSet() => _firstDetached = Rows.FirstOrDefault(r => r.IsDetached);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/tree.js");
            if (_module is not null)
            {
                _keys = await _module.InvokeAsync<IJSObjectReference>("attach", _tree);
            }
        }
    }

    private static bool Has(string text, string wanted) => text.Contains(wanted, StringComparison.CurrentCultureIgnoreCase);

    private static int Indent(OutlineRow row) => Math.Min(row.Depth, DeepestIndent);

    private string Name(DraftNode node) => node.Title.Length > 0 ? node.Title : Names.NodeType(node.Type);

    private string LaneText(OutlineLane lane) => Text[$"Lane.{lane.Kind}", lane.Name];

    private string Describe(OutlineRow row, DraftNode node, StepState state) => string.Join(", ", new[]
    {
        row.Lane is { } lane ? LaneText(lane) : null,
        Name(node),
        Names.NodeType(node.Type),
        Issues?.ContainsKey(node.Id) == true ? Text["Outline.HasIssue"].Value : null,
        Trace is null || state is StepState.Pending ? null : Text[$"State.{state}"].Value,
    }.Where(part => part is not null));
}
