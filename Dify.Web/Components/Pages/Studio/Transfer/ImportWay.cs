namespace Dify.Web.Components.Pages.Studio.Transfer;

/// <summary>Where an app file comes from.</summary>
public enum ImportWay
{
    File,
    Url,
    Text,
}
