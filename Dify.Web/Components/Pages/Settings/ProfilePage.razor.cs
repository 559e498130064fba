using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Web.Components.Shared;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Settings;

/// <summary>Own name and password.</summary>
public sealed partial class ProfilePage : ComponentBase
{
    private AccountProfile? _profile;
    private string _name = "";
    private string _current = "";
    private string _new = "";
    private string _repeat = "";
    private string? _error;
    private bool _working;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private AccountService Accounts { get; set; } = null!;

    [Inject]
    private SignInTickets Tickets { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _profile = await Accounts.GetProfileAsync((await Member.GetActorAsync()).AccountId);
        _name = _profile.Name;
    }

    private async Task SaveAsync()
    {
        if (await Feedback.TryAsync(() => Accounts.RenameAsync(_profile!.Id, _name)))
        {
            _profile = await Accounts.GetProfileAsync(_profile!.Id);
            _name = _profile.Name;
            Feedback.Success(Text["Profile.Saved"]);
        }
    }

    private async Task ChangePasswordAsync()
    {
        if (_working)
        {
            return;
        }

        if (_new != _repeat)
        {
            _error = Text["Error.PasswordsDiffer"];
            return;
        }

        _error = null;
        _working = true;
        try
        {
            await Accounts.ChangePasswordAsync(_profile!.Id, _current, _new);

            // The change ends every session; this browser gets a new one.
            Navigation.NavigateTo(Tickets.CreateAddress(_profile.Id, remember: true, "/settings/profile"), forceLoad: true);
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
