using System.Globalization;
using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Workspaces.Members;
using Dify.Core.Workspaces.Setup;
using Dify.Web.Components.Shared;
using Dify.Web.Endpoints;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>The sign-in form: four messages before anything is sent, then what the outcome says.</summary>
public sealed partial class SignInPage : ComponentBase
{
    private string _email = "";
    private string _password = "";
    private string? _error;
    private bool _remember = true;
    private bool _loading;
    private bool _isInvite;

    [SupplyParameterFromQuery(Name = "invite_token")]
    public string? InviteToken { get; set; }

    [SupplyParameterFromQuery(Name = "redirect_url")]
    public string? RedirectUrl { get; set; }

    [Inject]
    private SignInService SignIn { get; set; } = null!;

    [Inject]
    private PasswordResetService Reset { get; set; } = null!;

    [Inject]
    private RegistrationService Registration { get; set; } = null!;

    [Inject]
    private InvitationAcceptance Invitations { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private SignInTickets Tickets { get; set; } = null!;

    [Inject]
    private ClientConnection Connection { get; set; } = null!;

    [Inject]
    private IStringLocalizer<Resources.ErrorText> Errors { get; set; } = null!;

    private bool CanReset => Reset.IsAvailable;

    private string Query => new Uri(Navigation.Uri).Query.TrimStart('?');

    private string ForgotAddress => $"/reset-password?{Query}";

    protected override async Task OnInitializedAsync()
    {
        _isInvite = !string.IsNullOrEmpty(InviteToken);
        if (_isInvite)
        {
            var invitation = await Invitations.LookAsync(InviteToken);
            _email = invitation.Email;
            if (invitation.State != InvitationState.Open)
            {
                // Its locked address would leave a form that cannot be sent; the invitation's page says what happened to it.
                Navigation.NavigateTo($"/signin/invite-settings?{Query}", replace: true);
            }
        }
    }

    /// <summary>The first rule that the fields break, as a key of the texts; null when they may be sent.</summary>
    private static string? Check(string email, string password) =>
        email.Length == 0 ? "Error.EmailEmpty"
        : !AccountRules.IsEmail(email) ? "Error.EmailInvalid"
        : string.IsNullOrWhiteSpace(password) ? "Error.PasswordEmpty"
        : !AccountRules.IsPassword(password) ? "Error.PasswordInvalid"
        : null;

    private async Task SubmitAsync()
    {
        if (_loading)
        {
            return;
        }

        if (Check(_email, _password) is { } broken)
        {
            _error = Text[broken];
            return;
        }

        _error = null;
        _loading = true;
        try
        {
            StateHasChanged();
            GoOn(await SignIn.SignInAsync(_email, _password, Connection.Address, CultureInfo.CurrentUICulture.Name));
        }
        catch (DifyException failure)
        {
            _error = Feedback.Describe(failure);
        }
        finally
        {
            _loading = false;
        }
    }

    private void GoOn(SignInResult result)
    {
        if (result.Outcome == SignInOutcome.Success)
        {
            var to = _isInvite ? $"/signin/invite-settings?{Query}" : LocalAddress.OrHome(RedirectUrl);
            Navigation.NavigateTo(Tickets.CreateAddress(result.Account!.Id, _remember, to), forceLoad: true);
        }
        else if (result is { Outcome: SignInOutcome.AccountNotFound, RegistrationToken: { } token })
        {
            Navigation.NavigateTo(CodeStep.AddressOf(_email, token), replace: true);
        }
        else if (result.Outcome == SignInOutcome.AccountNotFound)
        {
            _error = Text["Error.RegistrationNotAllowed"];
        }
        else
        {
            var text = Errors[SignInMessages.CodeOf(result.Outcome)];
            _error = text.ResourceNotFound ? SignInMessages.Of(result.Outcome) : text.Value;
        }
    }
}
