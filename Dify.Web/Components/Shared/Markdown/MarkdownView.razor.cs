using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Shared.Markdown;

/// <summary>Markdown of a model or a person, made safe.</summary>
public sealed partial class MarkdownView : ComponentBase
{
    private string? _shown;
    private string _html = "";

    [Parameter, EditorRequired]
    public required string Value { get; set; }

    [Inject]
    private MarkdownRenderer Renderer { get; set; } = null!;

    protected override void OnParametersSet()
    {
        if (_shown != Value)
        {
            _shown = Value;
            _html = Renderer.ToHtml(Value);
        }
    }
}
