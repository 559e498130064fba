using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Layout;

/// <summary>What every layout stands in: theme, dialogs, notices.</summary>
public sealed partial class ThemedRoot : ComponentBase, IDisposable
{
    private MudThemeProvider? _provider;
    private bool _dark;
    private bool _ready;

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [Inject]
    private ThemePreference Preference { get; set; } = null!;

    public void Dispose() => Preference.Changed -= OnPreferenceChanged;

    protected override void OnInitialized() => Preference.Changed += OnPreferenceChanged;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && _provider is not null)
        {
            await _provider.WatchSystemDarkModeAsync(_ => ApplyAsync());
            await Preference.LoadAsync();
        }
    }

    private void OnPreferenceChanged() => _ = InvokeAsync(ApplyAsync);

    private async Task ApplyAsync()
    {
        _dark = Preference.Mode switch
        {
            "dark" => true,
            "light" => false,
            _ => await _provider!.GetSystemDarkModeAsync(),
        };
        _ready = true;
        await Preference.PaintAsync(_dark);
        StateHasChanged();
    }
}
