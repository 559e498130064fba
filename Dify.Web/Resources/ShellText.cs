namespace Dify.Web.Resources;

/// <summary>Texts of the frame around every page.</summary>
internal sealed class ShellText;
