using System.Globalization;
using Dify.Core.Accounts;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Web.Components.Pages.Accounts;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Settings;

/// <summary>Members and open invitations. Whoever may not manage them sees the list only.</summary>
public sealed partial class MembersPage : ComponentBase
{
    private static readonly Role[] Grantable = [Role.Admin, Role.Editor, Role.Normal, Role.DatasetOperator];

    private Actor? _actor;
    private IReadOnlyList<MemberView>? _members;
    private IReadOnlyList<PendingInvitation> _pending = [];
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private AccountService Accounts { get; set; } = null!;

    [Inject]
    private MemberService Members { get; set; } = null!;

    [Inject]
    private InvitationService Invitations { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private BrowserFacts Browser { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _actor = await Member.GetActorAsync();
        var profile = await Accounts.GetProfileAsync(_actor.AccountId);
        _zone = TimeZoneInfo.TryFindSystemTimeZoneById(profile.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _actor = await Member.GetActorAsync();
        _members = await Members.ListAsync(_actor);
        _pending = _actor.Can(Permission.ManageMembers) ? await Invitations.ListAsync(_actor) : [];
    }

    private bool CanChange(MemberView member) =>
        _actor!.Can(Permission.ManageMembers) && member.Role != Role.Owner && member.AccountId != _actor.AccountId;

    private async Task InviteAsync()
    {
        var dialog = await Dialogs.ShowAsync<InviteDialog>(Text["InviteDialog.Title"]);
        _ = await dialog.Result;
        await Feedback.TryAsync(LoadAsync);
    }

    private async Task ChangeRoleAsync(MemberView member, string? role)
    {
        if (Enum.TryParse<Role>(role, out var chosen) && await Feedback.TryAsync(async () =>
            await Members.ChangeRoleAsync(await Member.GetActorAsync(), member.AccountId, chosen)))
        {
            Feedback.Success(string.Format(
                CultureInfo.CurrentCulture, Text["Members.RoleChanged"], member.Name, Shell[$"Role.{chosen}"]));
        }

        await Feedback.TryAsync(LoadAsync);
    }

    private async Task RemoveAsync(MemberView member)
    {
        if (!await Dialogs.ConfirmAsync(
            Format("Members.RemoveTitle", member.Name), Format("Members.RemoveText", member.Name), Text["Members.Remove"]))
        {
            return;
        }

        if (await Feedback.TryAsync(async () => await Members.RemoveAsync(await Member.GetActorAsync(), member.AccountId)))
        {
            Feedback.Success(Format("Members.Removed", member.Name));
        }

        await Feedback.TryAsync(LoadAsync);
    }

    private Task<bool> CopyLinkAsync(PendingInvitation invitation) => Feedback.TryAsync(async () =>
    {
        var renewed = await RenewAsync(invitation, sendMail: false);
        if (await Browser.CopyAsync(renewed.Url!))
        {
            Feedback.Success(Text["Members.Copied"]);
        }
        else
        {
            Feedback.Info(Format("Members.CopyFailed", renewed.Url!));
        }
    });

    private Task<bool> ResendAsync(PendingInvitation invitation) => Feedback.TryAsync(async () =>
    {
        await RenewAsync(invitation, sendMail: true);
        Feedback.Success(Format("Members.Resent", invitation.Email));
    });

    private async Task<InvitationResult> RenewAsync(PendingInvitation invitation, bool sendMail)
    {
        var renewed = await Invitations.RenewAsync(
            await Member.GetActorAsync(), invitation.Id, CultureInfo.CurrentUICulture.Name, Navigation.BaseUri, sendMail);
        await LoadAsync();
        return renewed;
    }

    private async Task RevokeAsync(PendingInvitation invitation)
    {
        if (!await Dialogs.ConfirmAsync(
            Text["Members.RevokeTitle"], Format("Members.RevokeText", invitation.Email), Text["Members.Revoke"]))
        {
            return;
        }

        if (await Feedback.TryAsync(async () => await Invitations.RevokeAsync(await Member.GetActorAsync(), invitation.Id)))
        {
            Feedback.Success(Format("Members.Revoked", invitation.Email));
        }

        await Feedback.TryAsync(LoadAsync);
    }

    private string Show(DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, _zone).ToString("g", CultureInfo.CurrentCulture);

    private string Format(string key, string value) => string.Format(CultureInfo.CurrentCulture, Text[key], value);
}
