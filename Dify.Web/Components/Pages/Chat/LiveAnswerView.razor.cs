using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>The one part of a chat that renders while an answer comes.</summary>
public sealed partial class LiveAnswerView : ComponentBase, IDisposable
{
    private LiveAnswer? _watched;

    [Parameter, EditorRequired]
    public required LiveAnswer Answer { get; set; }

    public void Dispose()
    {
        if (_watched is not null)
        {
            _watched.Changed -= Show;
        }
    }

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_watched, Answer))
        {
            Dispose();
            _watched = Answer;
            _watched.Changed += Show;
            _watched.Render();
        }
    }

    private void Show() => _ = InvokeAsync(() =>
    {
        Answer.Render();
        StateHasChanged();
    });
}
