namespace Dify.Web.Components.Pages.Studio;

/// <summary>What <see cref="AppInfoDialog"/> is open for.</summary>
public enum AppInfoPurpose
{
    Create,
    Edit,
    Duplicate,
}
