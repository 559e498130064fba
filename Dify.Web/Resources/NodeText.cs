namespace Dify.Web.Resources;

/// <summary>Names and descriptions of node types by their type, of node categories, and of issues by their code.</summary>
internal sealed class NodeText;
