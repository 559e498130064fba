using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Name, icon and description of an app, for making, editing and duplicating. A failure keeps what was typed.</summary>
public sealed partial class AppInfoDialog : ComponentBase
{
    internal const int MaxNameLength = 40;
    internal const int MaxDescriptionLength = 400;

    private AppMode _mode;
    private string _name = "";
    private string _description = "";
    private string _icon = IconChoices.Emojis[0];
    private string _background = IconChoices.Backgrounds[0];
    private bool _choosing;
    private bool _saving;
    private string? _error;

    [Parameter, EditorRequired]
    public AppInfoPurpose Purpose { get; set; }

    /// <summary>The kind that is chosen at first.</summary>
    [Parameter]
    public AppMode Mode { get; set; } = AppTypes.All[0].Mode;

    /// <summary>The app to edit or to duplicate.</summary>
    [Parameter]
    public Core.Apps.App? App { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private IStringLocalizer<StudioText> Words { get; set; } = null!;

    private bool CanSave => !_saving && !string.IsNullOrWhiteSpace(_name);

    protected override void OnInitialized()
    {
        _mode = Mode;
        if (App is null)
        {
            return;
        }

        _mode = App.Mode;
        _name = Purpose == AppInfoPurpose.Duplicate ? CopyName(App.Name) : App.Name;
        _description = App.Description;
        _icon = App.Icon;
        _background = App.IconBackground;
    }

    private string CopyName(string name)
    {
        var copy = Words["AppInfo.CopyOf", name].Value;
        return copy.Length <= MaxNameLength ? copy : name;
    }

    private async Task SaveAsync()
    {
        if (!CanSave)
        {
            return;
        }

        _saving = true;
        _error = null;
        var info = new NewApp(_name.Trim(), _mode)
        {
            Description = (_description ?? "").Trim(), Icon = _icon, IconBackground = _background,
        };
        try
        {
            var actor = await Member.GetActorAsync();
            Dialog.Close(DialogResult.Ok(Purpose switch
            {
                AppInfoPurpose.Edit => await Apps.UpdateInfoAsync(actor, App!.Id, info),
                AppInfoPurpose.Duplicate => await Apps.DuplicateAsync(actor, App!.Id, info),
                _ => await Apps.CreateAsync(actor, info),
            }));
        }
        catch (DifyException failure)
        {
            _error = Feedback.Describe(failure);
        }
        finally
        {
            _saving = false;
        }
    }
}
