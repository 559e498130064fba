using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>
/// HTML: the text a reader sees, headings and lists as Markdown, tables as Markdown tables. Scripts, styles, navigation
/// and hidden parts are left out; nothing is fetched or run.
/// </summary>
internal sealed partial class HtmlExtractor : IDocumentExtractor
{
    private const int HeadBytes = 4096;

    private static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "nav", "head",
        "button", "select", "input", "textarea", "dialog");

    private static readonly FrozenSet<string> Blocks = FrozenSet.Create(
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre",
        "section", "summary", "table", "ul", "caption", "tr", "td", "th");

    public IReadOnlyCollection<string> Extensions { get; } = ["html", "htm"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, HeadBytes)]);
        var declared = Charset().Match(head) is { Success: true } match ? TextDecoder.Named(match.Groups[1].Value) : null;
        var html = declared is null || bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])
            ? TextDecoder.Decode(bytes)
            : declared.GetString(bytes);
        HtmlNesting.Check(html);
        var parser = new HtmlParser(new HtmlParserOptions
        {
            IsScripting = false,
            OnCreated = (_, _) => cancellationToken.ThrowIfCancellationRequested(),
        });
        using var document = parser.ParseDocument(html);
        var text = new ExtractedText(cancellationToken);
        if (document.Title is { Length: > 0 } title && document.QuerySelector("h1") is null)
        {
            text.AppendBlock($"# {OneLine(title)}");
        }

        if (document.Body is { } body)
        {
            new Walk(text).Run(body);
        }

        return text.ToString();
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("""charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9_\-]{2,40})""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();

    /// <summary>Goes through the tree with a cursor instead of calls, since hostile pages nest without end.</summary>
    private sealed class Walk(ExtractedText text)
    {
        private readonly StringBuilder _block = new();
        private List<List<string>>? _rows;
        private int _tableDepth;
        private bool _preformatted;

        public void Run(INode root)
        {
            var node = root;
            while (true)
            {
                if (Enter(node) && node.FirstChild is { } child)
                {
                    node = child;
                    continue;
                }

                while (node != root && node.NextSibling is null)
                {
                    Leave(node);
                    node = node.Parent!;
                }

                Leave(node);
                if (node == root)
                {
                    EndBlock();
                    return;
                }

                node = node.NextSibling!;
            }
        }

        private bool Enter(INode node)
        {
            if (node is IText words)
            {
                AppendText(words.Data);
                return false;
            }

            if (node is not IElement element || Skipped.Contains(element.LocalName) || IsHidden(element))
            {
                return false;
            }

            switch (element.LocalName)
            {
                case "br":
                    _block.Append('\n');
                    return false;
                case "table":
                    if (_tableDepth++ == 0)
                    {
                        EndBlock();
                        _rows = [];
                    }

                    return true;
                case "tr" when _tableDepth == 1:
                    _rows!.Add([]);
                    return true;
                case "td" or "th" when _tableDepth == 1:
                    _block.Clear();
                    return true;
                case "pre" when _tableDepth == 0:
                    EndBlock();
                    _preformatted = true;
                    return true;
                case "li" when _tableDepth == 0:
                    EndBlock();
                    _block.Append("- ");
                    return true;
                case ['h', >= '1' and <= '6' and var level] when _tableDepth == 0:
                    EndBlock();
                    _block.Append('#', level - '0').Append(' ');
                    return true;
            }

            if (Blocks.Contains(element.LocalName) && !IsItemStart())
            {
                EndBlock();
            }

            return true;
        }

        private void Leave(INode node)
        {
            if (node is not IElement element || Skipped.Contains(element.LocalName) || IsHidden(element))
            {
                return;
            }

            switch (element.LocalName)
            {
                case "table" when _tableDepth > 0:
                    if (--_tableDepth == 0)
                    {
                        _block.Clear();
                        text.AppendBlock(Layout(_rows!));
                        _rows = null;
                    }

                    break;
                case "td" or "th" when _tableDepth == 1 && _rows is { Count: > 0 }:
                    _rows[^1].Add(OneLine(_block.ToString()));
                    _block.Clear();
                    break;
                case "pre" when _preformatted:
                    EndBlock();
                    _preformatted = false;
                    break;
                default:
                    if (Blocks.Contains(element.LocalName))
                    {
                        EndBlock();
                    }

                    break;
            }
        }

        /// <summary>Tables of one column only lay a page out; they are paragraphs to a reader.</summary>
        private static string Layout(List<List<string>> rows)
        {
            foreach (var row in rows)
            {
                row.RemoveAll(cell => cell.Length == 0);
            }

            return rows.All(row => row.Count <= 1)
                ? string.Join("\n\n", rows.SelectMany(row => row))
                : MarkdownTable.Write(rows);
        }

        private bool IsItemStart() => _block.Length is > 0 and <= 7 && _block[^1] == ' ' && _block[0] is '-' or '#';

        private void AppendText(string data)
        {
            if (_preformatted)
            {
                _block.Append(data);
                return;
            }

            foreach (var c in data)
            {
                var space = c is ' ' or '\t' or '\n' or '\r' or '\f';
                if (!space)
                {
                    _block.Append(c);
                }
                else if (_block.Length > 0 && _block[^1] is not (' ' or '\n'))
                {
                    _block.Append(' ');
                }
            }
        }

        private void EndBlock()
        {
            if (_tableDepth > 0)
            {
                if (_block.Length > 0 && _block[^1] != ' ')
                {
                    _block.Append(' ');
                }

                return;
            }

            var block = _block.ToString().Trim();
            _block.Clear();
            if (block.Trim('-', '#', ' ').Length > 0)
            {
                text.AppendBlock(_preformatted ? $"```\n{block}\n```" : block);
            }
        }

        private static bool IsHidden(IElement element) =>
            element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
            || element.GetAttribute("style")?.Replace(" ", "", StringComparison.Ordinal)
                .Contains("display:none", StringComparison.OrdinalIgnoreCase) == true;
    }
}
