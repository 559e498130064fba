namespace Dify.Web.Resources;

/// <summary>Texts inside rendered Markdown.</summary>
internal sealed class MarkdownText;
