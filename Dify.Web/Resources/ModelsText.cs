namespace Dify.Web.Resources;

/// <summary>Texts of model providers and of the model picker.</summary>
internal sealed class ModelsText;
