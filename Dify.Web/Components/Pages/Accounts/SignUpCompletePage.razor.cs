using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Workspaces.Setup;
using Dify.Web.Components.Shared;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>Last step of a registration: name and password.</summary>
public sealed partial class SignUpCompletePage : ComponentBase
{
    private string _name = "";
    private string _password = "";
    private string? _error;
    private bool _working;

    [SupplyParameterFromQuery(Name = "token")]
    public string? Token { get; set; }

    [Inject]
    private RegistrationService Registration { get; set; } = null!;

    [Inject]
    private BrowserFacts Browser { get; set; } = null!;

    [Inject]
    private SignInTickets Tickets { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private async Task CreateAsync()
    {
        if (_working)
        {
            return;
        }

        _error = null;
        _working = true;
        try
        {
            var accountId = await Registration.RegisterAsync(
                Token, _name, _password, CultureInfo.CurrentUICulture.Name, await Browser.GetTimeZoneAsync());
            Navigation.NavigateTo(Tickets.CreateAddress(accountId, remember: true, LocalAddress.Home), forceLoad: true);
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
}
