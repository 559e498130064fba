using Dify.Core.Common;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;

namespace Dify.Web.Components.Layout;

public sealed partial class TopBar : ComponentBase, IDisposable
{
    private static readonly (string Address, string Icon, string Key)[] Places =
    [
        ("/explore", Icons.Material.Outlined.Explore, "Nav.Explore"),
        ("/apps", Icons.Material.Outlined.SmartToy, "Nav.Studio"),
        ("/datasets", Icons.Material.Outlined.MenuBook, "Nav.Knowledge"),
        ("/tools", Icons.Material.Outlined.Handyman, "Nav.Tools"),
    ];

    private MemberProfile? _profile;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private WorkspaceAccess Access { get; set; } = null!;

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        try
        {
            _profile = await Access.GetProfileAsync(await Member.GetActorAsync());
        }
        catch (DifyException removed) when (removed.Status is 401 or 403)
        {
            Navigation.NavigateTo("/no-workspace", replace: true);
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => _ = InvokeAsync(StateHasChanged);

    private bool IsHere(string address)
    {
        var path = "/" + Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];
        return path.StartsWith(address, StringComparison.Ordinal)
            || (address == "/apps" && (path == "/" || path.StartsWith("/app/", StringComparison.Ordinal)));
    }
}
