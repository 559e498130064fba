using Dify.Core.Accounts;
using Dify.Web.Components.Layout;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Settings;

/// <summary>Language, time zone and theme; each counts as soon as it is chosen.</summary>
public sealed partial class LanguagePage : ComponentBase, IDisposable
{
    private AccountProfile? _profile;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private AccountService Accounts { get; set; } = null!;

    [Inject]
    private ThemePreference Theme { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    public void Dispose() => Theme.Changed -= OnThemeChanged;

    protected override async Task OnInitializedAsync()
    {
        Theme.Changed += OnThemeChanged;
        _profile = await Accounts.GetProfileAsync((await Member.GetActorAsync()).AccountId);
    }

    private async Task SetLanguageAsync(string language)
    {
        if (await Feedback.TryAsync(() => Accounts.SetPreferencesAsync(_profile!.Id, language: language)))
        {
            // The language of a circuit is fixed when it starts.
            Navigation.NavigateTo($"/language?culture={Uri.EscapeDataString(language)}&to=/settings/language", forceLoad: true);
        }
    }

    private async Task SetTimeZoneAsync(string timeZone)
    {
        if (await Feedback.TryAsync(() => Accounts.SetPreferencesAsync(_profile!.Id, timeZone: timeZone)))
        {
            _profile = _profile! with { TimeZone = timeZone };
            Feedback.Success(Text["Profile.Saved"]);
        }
    }

    private async Task SetThemeAsync(string theme)
    {
        if (await Feedback.TryAsync(() => Accounts.SetPreferencesAsync(_profile!.Id, theme: theme)))
        {
            await Theme.SetAsync(theme);
        }
    }

    private void OnThemeChanged() => _ = InvokeAsync(StateHasChanged);
}
