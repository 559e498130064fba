using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>Name, access, index and search settings of a base. A failure keeps what was typed.</summary>
public sealed partial class KnowledgeSettingsPage : ComponentBase
{
    private KnowledgeFrame? _frame;
    private KnowledgeSettingsDraft? _draft;
    private KnowledgeBase? _stored;
    private IReadOnlyList<MemberView> _members = [];
    private Guid _self;
    private bool _canEdit;
    private bool _saving;
    private string? _error;

    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    private KnowledgeService Bases { get; set; } = null!;

    [Inject]
    private MemberService Members { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IStringLocalizer<KnowledgeText> Words { get; set; } = null!;

    /// <summary>Nobody but its creator would see it afterwards.</summary>
    private bool MayClose => _stored!.CreatedBy == _self || _stored.Permission == KnowledgePermission.OnlyMe;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var actor = await Member.GetActorAsync();
            _self = actor.AccountId;
            Show(await Bases.GetAsync(actor, Id));
            _members = await Members.ListAsync(actor);
            _canEdit = actor.Can(Permission.EditKnowledgeSettings)
                || (_stored!.CreatedBy == _self && actor.Can(Permission.CreateKnowledgeBases));
        }
        catch (DifyException)
        {
            // The frame reads the same base and says what is wrong in the page's place.
        }
    }

    private void Show(KnowledgeSummary knowledge) =>
        (_stored, _draft) = (knowledge.KnowledgeBase, new KnowledgeSettingsDraft(knowledge));

    private void Share(Guid accountId, bool on) => _ = on ? _draft!.Members.Add(accountId) : _draft!.Members.Remove(accountId);

    private async Task SaveAsync()
    {
        (_saving, _error) = (true, null);
        try
        {
            Show(await Bases.UpdateAsync(await Member.GetActorAsync(), Id, _draft!.ToChanges(_stored!)));
            Feedback.Success(Words["Settings.Saved"]);
            await _frame!.ReloadAsync();
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

    private async Task DeleteAsync(KnowledgeSummary knowledge)
    {
        var name = knowledge.KnowledgeBase.Name;
        var agreed = await Dialogs.ConfirmAsync(
            Words["Delete.Title", name], Words.Counted("Delete.Message", knowledge.DocumentCount), Words["Action.Delete"], name);
        if (agreed && await Feedback.TryAsync(async () => await Bases.DeleteAsync(await Member.GetActorAsync(), Id)))
        {
            Feedback.Success(Words["Delete.Done", name]);
            Navigation.NavigateTo("/datasets");
        }
    }
}
