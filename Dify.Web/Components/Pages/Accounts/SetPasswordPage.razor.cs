using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Accounts;

/// <summary>Last step of a forgotten password.</summary>
public sealed partial class SetPasswordPage : ComponentBase
{
    private string _password = "";
    private string _repeat = "";
    private string? _error;
    private bool _working;
    private bool _done;

    [SupplyParameterFromQuery(Name = "token")]
    public string? Token { get; set; }

    [Inject]
    private PasswordResetService Reset { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private async Task SaveAsync()
    {
        if (_working)
        {
            return;
        }

        if (_password != _repeat)
        {
            _error = Text["Error.PasswordsDiffer"];
            return;
        }

        _error = null;
        _working = true;
        try
        {
            await Reset.SetPasswordAsync(Token, _password);
            _done = true;
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
