namespace Dify.Web.Resources;

/// <summary>Texts of the Studio, Explore and Tools.</summary>
internal sealed class StudioText;
