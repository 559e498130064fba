namespace Dify.Web.Components.Pages.Chat;

internal enum SiteState
{
    Loading,

    /// <summary>No such app, not published, or switched off: not told apart to a stranger.</summary>
    Missing,

    /// <summary>The browser keeps no cookie, so its conversations could not be told from others'.</summary>
    NoCookie,

    Ready,
}
