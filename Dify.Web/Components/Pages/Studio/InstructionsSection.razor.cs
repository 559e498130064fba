using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Pages.Studio;

public sealed partial class InstructionsSection : ComponentBase
{
    private PromptEditor? _editor;

    [Parameter, EditorRequired]
    public OrchestrateDraft Draft { get; set; } = null!;

    [Parameter]
    public EventCallback OnNewVariable { get; set; }

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private IStringLocalizer<StudioText> Words { get; set; } = null!;

    public Task InsertAsync(string name) => _editor?.InsertAsync(name) ?? Task.CompletedTask;

    public Task FlushAsync() => _editor?.FlushAsync() ?? Task.CompletedTask;

    private async Task CopyAsync()
    {
        if (_editor is not null && await _editor.CopyAsync())
        {
            Feedback.Success(Words["Copied"]);
        }
    }
}
