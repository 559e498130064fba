namespace Dify.Web.Resources;

/// <summary>Texts of the page of a form that a run waits for.</summary>
internal sealed class FormText;
