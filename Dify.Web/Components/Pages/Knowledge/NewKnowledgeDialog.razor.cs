using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>Asks for the name of a knowledge base without documents. A failure keeps what was typed.</summary>
public sealed partial class NewKnowledgeDialog : ComponentBase
{
    private string? _name;
    private string? _error;
    private bool _saving;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private KnowledgeService Knowledge { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private bool CanSave => !_saving && !string.IsNullOrWhiteSpace(_name);

    private async Task SaveAsync()
    {
        if (!CanSave)
        {
            return;
        }

        _saving = true;
        try
        {
            var made = await Knowledge.CreateAsync(await Member.GetActorAsync(), new NewKnowledgeBase { Name = _name!.Trim() });
            Dialog.Close(DialogResult.Ok(made));
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
}
