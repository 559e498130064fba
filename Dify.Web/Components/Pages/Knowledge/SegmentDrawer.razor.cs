using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>One chunk at full length, to read, write or change. A failure keeps what was typed.</summary>
public sealed partial class SegmentDrawer : ComponentBase
{
    /// <summary>What a message of the circuit holds; longer texts are documents.</summary>
    private const int LongestText = 8000;

    private ElementReference _area;
    private string _text = "";
    private string? _keywords;
    private string? _error;
    private bool _saving;

    [Parameter, EditorRequired]
    public Document Document { get; set; } = null!;

    /// <summary>Null: a new chunk.</summary>
    [Parameter]
    public Segment? Segment { get; set; }

    [Parameter]
    public bool CanEdit { get; set; }

    /// <summary>Economical bases search by keywords, which can be set here.</summary>
    [Parameter]
    public bool Keywords { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    [Parameter]
    public EventCallback OnSaved { get; set; }

    [Inject]
    private SegmentService Segments { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private bool CanType => CanEdit && Segment is null or { Enabled: true };

    protected override void OnInitialized()
    {
        _text = Segment?.Content ?? "";
        _keywords = string.Join(", ", Segment?.Keywords ?? []);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            try
            {
                await _area.FocusAsync();
            }
            catch (JSDisconnectedException)
            {
                // The page is gone.
            }
        }
    }

    private Task CloseAsync() => OnClose.InvokeAsync();

    private Task KeyAsync(KeyboardEventArgs key) => key.Key == "Escape" ? CloseAsync() : Task.CompletedTask;

    private async Task SaveAsync()
    {
        _saving = true;
        _error = null;
        try
        {
            var actor = await Member.GetActorAsync();
            var words = Keywords ? SplitKeywords() : null;
            if (Segment is null)
            {
                await Segments.AddAsync(
                    actor, Document.KnowledgeBaseId, Document.Id, [new NewSegment(_text, words is { Count: > 0 } ? words : null)]);
            }
            else
            {
                await Segments.UpdateAsync(
                    actor, Document.KnowledgeBaseId, Document.Id, Segment.Id,
                    new SegmentChanges(_text == Segment.Content ? null : _text, words));
            }

            await OnSaved.InvokeAsync();
        }
        catch (DifyException failure)
        {
            _error = Feedback.Describe(failure);
        }
        finally
        {
            _saving = false;
        }
    }

    private List<string> SplitKeywords() =>
        [.. (_keywords ?? "").Split([',', '，', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(10)];
}
