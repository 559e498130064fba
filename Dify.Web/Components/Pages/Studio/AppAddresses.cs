using Dify.Core.Apps;
using Dify.Core.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>The public addresses of apps: as configured, else below the address that this browser uses.</summary>
internal sealed class AppAddresses(NavigationManager navigation, IOptions<SiteUrls> urls)
{
    /// <summary>The published web app.</summary>
    public string Site(Core.Apps.App app) => $"{Root(urls.Value.AppWeb)}/chat/{app.SiteCode}";

    /// <summary>The base address of the service API.</summary>
    public string ServiceApi => AddVersion(Root(urls.Value.ServiceApi));

    private string Root(string configured) => (configured.Length > 0 ? configured : navigation.BaseUri).TrimEnd('/');

    // Dify's own SERVICE_API_URL is written with and without the version.
    private static string AddVersion(string root) => root.EndsWith("/v1", StringComparison.Ordinal) ? root : root + "/v1";
}
