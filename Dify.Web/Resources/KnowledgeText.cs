namespace Dify.Web.Resources;

/// <summary>Texts of the knowledge pages.</summary>
internal sealed class KnowledgeText;
