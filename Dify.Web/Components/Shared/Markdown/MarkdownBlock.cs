namespace Dify.Web.Components.Shared.Markdown;

/// <param name="Start">Where the block begins in the text, in characters.</param>
/// <param name="Html">Safe to insert.</param>
internal readonly record struct MarkdownBlock(int Start, string Html);
