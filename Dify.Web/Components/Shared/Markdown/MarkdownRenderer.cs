using System.Net;
using Dify.Core.Common;
using Dify.Web.Resources;
using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace Dify.Web.Components.Shared.Markdown;

/// <summary>
/// The one way from Markdown of a model or a person to HTML of a page, for text that is still coming and for stored
/// text alike. What it returns is safe to insert: sanitising is the last step, and no address outside this site is
/// fetched by the page itself.
/// </summary>
internal sealed class MarkdownRenderer(IStringLocalizer<MarkdownText> text, IOptions<SiteUrls>? urls = null)
{
    /// <summary>Longer text, in characters, is shown as it is.</summary>
    public const int LongestFormatted = 400_000;

    /// <summary>
    /// Raw tags times blocks above which raw HTML is shown as text: a browser repeats an unclosed tag in every block
    /// that follows.
    /// </summary>
    private const int MostRepeatedTags = 20_000;

    private static readonly MarkdownPipeline WithHtml = Pipeline().Build();
    private static readonly MarkdownPipeline WithoutHtml = Pipeline().DisableHtml().Build();

    private readonly HtmlCleaner _cleaner = new(text, urls?.Value.FilesBase ?? "");

    /// <summary>The whole text as safe HTML.</summary>
    public string ToHtml(string markdown) =>
        string.Concat(ReasoningSections.Split(markdown).Select(section =>
            section.IsReasoning ? Reasoning(section) : Formatted(section.Text)));

    /// <summary>
    /// The text as a list of top-level blocks, each safe HTML of its own. Only the last can still change when text is
    /// added at the end.
    /// </summary>
    public IReadOnlyList<MarkdownBlock> ToBlocks(string markdown)
    {
        var blocks = new List<MarkdownBlock>();
        foreach (var section in ReasoningSections.Split(markdown))
        {
            if (section.IsReasoning)
            {
                blocks.Add(new MarkdownBlock(section.Start, Reasoning(section)));
            }
            else if (section.Text.Length > LongestFormatted || Parse(section.Text) is not var (document, pipeline))
            {
                blocks.Add(new MarkdownBlock(section.Start, Plain(section.Text)));
            }
            else
            {
                foreach (var block in document.Where(b => b is not LinkReferenceDefinitionGroup))
                {
                    var start = section.Text.LastIndexOf('\n', Math.Max(block.Span.Start - 1, 0)) + 1;
                    blocks.Add(new MarkdownBlock(
                        section.Start + Math.Min(start, block.Span.Start), Clean(Write(block, pipeline), section.Text)));
                }
            }
        }

        return blocks;
    }

    private string Formatted(string markdown) =>
        markdown.Length <= LongestFormatted && Parse(markdown) is var (document, pipeline)
            ? Clean(Write(document, pipeline), markdown)
            : Plain(markdown);

    /// <summary>Open while the model is still at it, folded afterwards.</summary>
    private string Reasoning(ReasoningSection section) =>
        $"<details class=\"md-reasoning\"{(section.IsOpen ? " open" : "")}><summary>{WebUtility.HtmlEncode(text["Reasoning"])}</summary>"
        + $"<div>{Formatted(section.Text)}</div></details>";

    private string Clean(string html, string markdown) => _cleaner.Clean(html) ?? Plain(markdown);

    private static string Plain(string markdown) =>
        markdown.Length == 0 ? "" : $"<pre class=\"md-plain\">{WebUtility.HtmlEncode(markdown)}</pre>";

    private static string Write(MarkdownObject block, MarkdownPipeline pipeline)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        pipeline.Setup(renderer);
        renderer.Render(block);
        return writer.ToString();
    }

    /// <returns>Null when the text nests deeper than the parser follows.</returns>
    private static (MarkdownDocument Document, MarkdownPipeline Pipeline)? Parse(string markdown)
    {
        try
        {
            var document = Markdig.Markdown.Parse(markdown, WithHtml);
            var tags = document.Descendants<HtmlInline>().Count()
                + document.Descendants<HtmlBlock>().Sum(block => block.Lines.ToString().Count(c => c == '<'));
            return tags <= MostRepeatedTags && (long)tags * document.Count <= MostRepeatedTags
                ? (document, WithHtml)
                : (Markdig.Markdown.Parse(markdown, WithoutHtml), WithoutHtml);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static MarkdownPipelineBuilder Pipeline() => new MarkdownPipelineBuilder()
        .UsePreciseSourceLocation()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough);
}
