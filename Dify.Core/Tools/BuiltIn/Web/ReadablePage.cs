using System.Collections.Frozen;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Dify.Core.Tools.BuiltIn.Web;

/// <summary>The text of a page that a reader comes for.</summary>
internal sealed record ReadablePage(string Title, string Author, string Text)
{
    private static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "nav", "head", "header", "footer", "aside",
        "button", "select", "input", "textarea", "dialog", "form");

    private static readonly FrozenSet<string> Blocks = FrozenSet.Create(
        "address", "article", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4",
        "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tr", "ul", "caption");

    /// <param name="cancellationToken">Also ends pages that take too long to be read.</param>
    public static ReadablePage Read(string html, CancellationToken cancellationToken)
    {
        var parser = new HtmlParser(new HtmlParserOptions
        {
            IsScripting = false,
            OnCreated = (_, _) => cancellationToken.ThrowIfCancellationRequested(),
        });
        using var document = parser.ParseDocument(html);
        var author = document.QuerySelector("meta[name=author]")?.GetAttribute("content") ?? "";
        var body = (INode?)document.QuerySelector("article") ?? document.QuerySelector("main");
        var text = body is null ? "" : TextOf(body, cancellationToken);
        if (text.Length == 0 && document.Body is { } whole)
        {
            text = TextOf(whole, cancellationToken);
        }

        return new ReadablePage(OneLine(document.Title ?? ""), OneLine(author), text);
    }

    /// <summary>With a cursor instead of calls, since hostile pages nest without end.</summary>
    private static string TextOf(INode root, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var line = new StringBuilder();
        var node = root;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = (node as IElement)?.LocalName ?? "";
            if (Blocks.Contains(name))
            {
                Break(text, line);
            }

            if (node is IText words)
            {
                line.Append(words.Data);
            }

            if (!Skipped.Contains(name) && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            while (node != root && node.NextSibling is null)
            {
                node = Leave(node.Parent!, text, line);
            }

            if (node == root)
            {
                break;
            }

            node = node.NextSibling!;
        }

        Break(text, line);
        return text.ToString().Trim();
    }

    private static INode Leave(INode node, StringBuilder text, StringBuilder line)
    {
        if (Blocks.Contains((node as IElement)?.LocalName ?? ""))
        {
            Break(text, line);
        }

        return node;
    }

    private static void Break(StringBuilder text, StringBuilder line)
    {
        if (OneLine(line.ToString()) is { Length: > 0 } words)
        {
            text.Append(words).Append('\n');
        }

        line.Clear();
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
