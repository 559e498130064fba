using Dify.Core.Apps;
using Dify.Core.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>The public addresses of apps: as configured, else below the address that this browser uses.</summary>
internal sealed class AppAddresses(NavigationManager navigation, IOptions<SiteUrls> urls)
{
    /// <summary>The base address of the service API.</summary>
    public string ServiceApi => urls.Value.ServiceApiBase(navigation.BaseUri);

    /// <summary>The published web app.</summary>
    public string Site(Core.Apps.App app) =>
        $"{(urls.Value.AppWeb.Length > 0 ? urls.Value.AppWeb : navigation.BaseUri).TrimEnd('/')}/{(app.Mode == AppMode.Workflow ? "workflow" : "chat")}/{app.SiteCode}";
}
