using System.Globalization;
using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Workspaces.Setup;
using Dify.Web.Components.Shared;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>Asks for a mailed code, of a registration or of a forgotten password; the token knows which.</summary>
public sealed partial class CheckCodePage : ComponentBase
{
    private string _email = "";
    private string _token = "";
    private string _code = "";
    private string? _error;
    private string? _notice;
    private bool _working;

    [SupplyParameterFromQuery(Name = "email")]
    public string? Email { get; set; }

    [SupplyParameterFromQuery(Name = "token")]
    public string? Token { get; set; }

    [Inject]
    private PasswordResetService Reset { get; set; } = null!;

    [Inject]
    private RegistrationService Registration { get; set; } = null!;

    [Inject]
    private ClientConnection Connection { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override void OnInitialized() => (_email, _token) = (CodeStep.Read(Email), CodeStep.Read(Token));

    private Task CheckAsync() => DoAsync(async () =>
    {
        if (await Registration.OwnsAsync(_token))
        {
            var proven = await Registration.CheckCodeAsync(_email, _token, _code);
            Navigation.NavigateTo($"/signup/complete?token={Uri.EscapeDataString(proven)}", replace: true);
        }
        else
        {
            var proven = await Reset.CheckCodeAsync(_email, _token, _code);
            Navigation.NavigateTo($"/reset-password/set-password?token={Uri.EscapeDataString(proven)}", replace: true);
        }
    });

    private Task SendAgainAsync() => DoAsync(async () =>
    {
        var language = CultureInfo.CurrentUICulture.Name;
        _token = await Registration.OwnsAsync(_token)
            ? await Registration.RequestAsync(_email, Connection.Address, language)
            : await Reset.RequestAsync(_email, Connection.Address, language);
        _code = "";
        _notice = Text["Code.Sent"];
    });

    private async Task DoAsync(Func<Task> step)
    {
        if (_working)
        {
            return;
        }

        (_error, _notice, _working) = (null, null, true);
        try
        {
            await step();
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
