using Dify.Core.Workspaces.Members;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>
/// Where invitation links lead: people with an account go to the sign-in form first, new ones straight to the invitation.
/// </summary>
public sealed partial class ActivatePage : ComponentBase
{
    [SupplyParameterFromQuery(Name = "token")]
    public string? Token { get; set; }

    [Inject]
    private InvitationAcceptance Invitations { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        var invitation = await Invitations.LookAsync(Token);
        var page = invitation is { State: InvitationState.Open, HasAccount: true } ? "/signin" : "/signin/invite-settings";
        Navigation.NavigateTo($"{page}?invite_token={Uri.EscapeDataString(Token ?? "")}", replace: true);
    }
}
