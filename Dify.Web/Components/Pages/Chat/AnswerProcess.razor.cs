using Dify.Web.Components.Pages.Workflows.Runs;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>The steps behind an answer of a chatflow; renders by itself while they happen.</summary>
public sealed partial class AnswerProcess : ComponentBase, IDisposable
{
    private LiveAnswer? _watched;

    [Parameter, EditorRequired]
    public required RunTrace Trace { get; set; }

    /// <summary>Tells when something happened; null once the answer is stored.</summary>
    [Parameter]
    public LiveAnswer? Live { get; set; }

    public void Dispose()
    {
        if (_watched is not null)
        {
            _watched.Changed -= Show;
        }
    }

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_watched, Live))
        {
            Dispose();
            _watched = Live;
            if (_watched is not null)
            {
                _watched.Changed += Show;
            }
        }
    }

    private void Show() => _ = InvokeAsync(StateHasChanged);
}
