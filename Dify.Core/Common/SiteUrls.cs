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

    /// <summary>The base of <c>/v1</c> that callers use; <paramref name="root"/> is the program's own address.</summary>
    public string ServiceApiBase(string root)
    {
        // Dify's SERVICE_API_URL is written with and without the version.
        var start = (ServiceApi.Length > 0 ? ServiceApi : root).TrimEnd('/');
        return start.EndsWith("/v1", StringComparison.Ordinal) ? start : start + "/v1";
    }
}
