using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Web.Components.Pages.Accounts;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Settings;

/// <summary>Invites many addresses with one role, then shows the links, which can be seen only now.</summary>
public sealed partial class InviteDialog : ComponentBase
{
    private static readonly Role[] Roles = [Role.Normal, Role.Editor, Role.Admin, Role.DatasetOperator];
    private static readonly char[] Separators = [',', ';', ' ', '\n', '\r', '\t', '，', '；'];

    private string _emails = "";
    private Role _role = Role.Normal;
    private string? _error;
    private string? _copied;
    private bool _working;
    private IReadOnlyList<InvitationResult>? _results;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private InvitationService Invitations { get; set; } = null!;

    [Inject]
    private BrowserFacts Browser { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IStringLocalizer<Resources.ErrorText> Errors { get; set; } = null!;

    private async Task SendAsync()
    {
        _error = null;
        _working = true;
        try
        {
            var addresses = _emails.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            _results = await Invitations.InviteAsync(
                await Member.GetActorAsync(), addresses, _role, CultureInfo.CurrentUICulture.Name, Navigation.BaseUri);
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

    private async Task CopyAsync(string url)
    {
        if (await Browser.CopyAsync(url))
        {
            _copied = url;
        }
    }
}
