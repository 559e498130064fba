namespace Dify.Core.Common;

/// <summary>
/// Public addresses, from Dify's own environment names. Empty means: the address that the browser used.
/// </summary>
public sealed class SiteUrls
{
    /// <summary><c>CONSOLE_WEB_URL</c>: start of links in invitations and mails.</summary>
    public string ConsoleWeb { get; set; } = "";

    /// <summary><c>CONSOLE_API_URL</c>.</summary>
    public string ConsoleApi { get; set; } = "";

    /// <summary><c>SERVICE_API_URL</c>: shown as the base of <c>/v1</c>.</summary>
    public string ServiceApi { get; set; } = "";

    /// <summary><c>APP_WEB_URL</c>: start of links to published web apps.</summary>
    public string AppWeb { get; set; } = "";

    /// <summary><c>FILES_URL</c>: start of signed links to files. Empty: the service API's or console's address, else links
    /// without a host, which browsers on our own pages follow.</summary>
    public string Files { get; set; } = "";

    /// <summary>What stands before <c>/files/…</c> in a signed link; no slash at the end.</summary>
    public string FilesBase
    {
        get
        {
            var root = Files.Length > 0 ? Files : ServiceApi.Length > 0 ? ServiceApi : ConsoleApi;
            root = root.TrimEnd('/');
            return root.EndsWith("/v1", StringComparison.Ordinal) ? root[..^3] : root;
        }
    }

    /// <summary>The base of <c>/v1</c> that callers use; <paramref name="root"/> is the program's own address.</summary>
    public string ServiceApiBase(string root)
    {
        // Dify's SERVICE_API_URL is written with and without the version.
        var start = (ServiceApi.Length > 0 ? ServiceApi : root).TrimEnd('/');
        return start.EndsWith("/v1", StringComparison.Ordinal) ? start : start + "/v1";
    }
}
