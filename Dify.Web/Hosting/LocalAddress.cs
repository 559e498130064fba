namespace Dify.Web.Hosting;

/// <summary>Keeps redirects on this site, whatever an address in the query says.</summary>
internal static class LocalAddress
{
    public const string Home = "/apps";

    /// <summary>The path and query, when it is a plain local path; else <see cref="Home"/>.</summary>
    public static string OrHome(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..]
        && !address.Any(c => char.IsControl(c) || c == '\\')
        && Uri.IsWellFormedUriString(address, UriKind.Relative)
            ? address
            : Home;
}
