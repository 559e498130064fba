using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Workspaces.Setup;
using Dify.Web.Components.Shared;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>The first account. The page exists only until somebody has made it.</summary>
public sealed partial class InstallPage : ComponentBase
{
    private string _initPassword = "";
    private string _email = "";
    private string _name = "";
    private string _password = "";
    private string? _error;
    private bool _working;

    [Inject]
    private SetupService Setup { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private SignInTickets Tickets { get; set; } = null!;

    private async Task SubmitAsync()
    {
        if (_working)
        {
            return;
        }

        _error = null;
        _working = true;
        try
        {
            var accountId = await Setup.SetUpAsync(
                _email, _name, _password, _initPassword, CultureInfo.CurrentUICulture.Name);
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
