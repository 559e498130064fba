using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Workspaces.Setup;
using Dify.Web.Components.Shared;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>First step of a registration: where the code goes.</summary>
public sealed partial class SignUpPage : ComponentBase
{
    private string _email = "";
    private string? _error;
    private bool _working;

    [Inject]
    private RegistrationService Registration { get; set; } = null!;

    [Inject]
    private ClientConnection Connection { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private async Task SendAsync()
    {
        if (_working)
        {
            return;
        }

        _error = null;
        _working = true;
        try
        {
            var token = await Registration.RequestAsync(_email, Connection.Address, CultureInfo.CurrentUICulture.Name);
            Navigation.NavigateTo(CodeStep.AddressOf(_email.Trim(), token));
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
