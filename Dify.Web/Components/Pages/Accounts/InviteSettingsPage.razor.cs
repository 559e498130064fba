using System.Globalization;
using System.Security.Claims;
using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Workspaces.Members;
using Dify.Web.Components.Shared;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>The invited person accepts: a new one with name and password, one with an account after signing in.</summary>
public sealed partial class InviteSettingsPage : ComponentBase
{
    private InvitationView? _invitation;
    private bool _isInvited;
    private Guid _accountId;
    private string _name = "";
    private string _password = "";
    private string _language = AccountRules.LanguageOrDefault(CultureInfo.CurrentUICulture.Name);
    private string _timeZone = "UTC";
    private string? _error;
    private bool _working;

    [SupplyParameterFromQuery(Name = "invite_token")]
    public string? InviteToken { get; set; }

    [Inject]
    private InvitationAcceptance Invitations { get; set; } = null!;

    [Inject]
    private AccountService Accounts { get; set; } = null!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = null!;

    [Inject]
    private BrowserFacts Browser { get; set; } = null!;

    [Inject]
    private SignInTickets Tickets { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Summary => string.Join(
        " · ",
        new[]
        {
            _invitation!.InviterName.Length > 0 ? Format("Invite.By", _invitation.InviterName) : "",
            Format("Invite.As", Shell[$"Role.{_invitation.Role}"]),
        }.Where(part => part.Length > 0));

    private string SignInAddress => $"/signin?invite_token={Uri.EscapeDataString(InviteToken ?? "")}";

    protected override async Task OnInitializedAsync()
    {
        var invitation = await Invitations.LookAsync(InviteToken);
        var user = (await Authentication.GetAuthenticationStateAsync()).User;
        if (invitation.HasAccount && Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out _accountId))
        {
            var profile = await Accounts.GetProfileAsync(_accountId);
            _isInvited = AccountRules.NormalizeEmail(profile.Email) == AccountRules.NormalizeEmail(invitation.Email);
            (_language, _timeZone) = (profile.InterfaceLanguage, profile.TimeZone);
        }

        if (invitation is { State: InvitationState.Open, HasAccount: false })
        {
            _timeZone = AccountRules.TimeZoneOrDefault(await Browser.GetTimeZoneAsync());
        }

        _invitation = invitation;
    }

    private async Task JoinAsync()
    {
        if (_working || _invitation is null)
        {
            return;
        }

        _error = null;
        _working = true;
        try
        {
            if (_invitation.HasAccount)
            {
                await Invitations.AcceptAsync(InviteToken, _accountId);
                await Accounts.SetPreferencesAsync(_accountId, _language, _timeZone);
            }
            else
            {
                _accountId = await Invitations.AcceptAsNewAccountAsync(InviteToken, _name, _password, _language, _timeZone);
            }

            Navigation.NavigateTo(Tickets.CreateAddress(_accountId, remember: true, LocalAddress.Home), forceLoad: true);
        }
        catch (DifyException failure)
        {
            _error = Feedback.Describe(failure);
        }
        finally
        {
            _working = false;
        }
    }

    private string Format(string key, string value) => string.Format(CultureInfo.CurrentCulture, Text[key], value);
}
