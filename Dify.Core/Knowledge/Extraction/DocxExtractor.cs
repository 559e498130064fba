using System.Globalization;
using System.Text;
using System.Xml;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Word: paragraphs, headings as Markdown, lists, tables as Markdown tables; deleted text is left out.</summary>
internal sealed class DocxExtractor : IDocumentExtractor
{
    public IReadOnlyCollection<string> Extensions { get; } = ["docx"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        using var package = new OfficePackage(content);
        var text = new ExtractedText(cancellationToken);
        using var reader = package.OpenXml("word/document.xml")
            ?? throw Common.DifyException.Invalid("The file holds no Word document. Save it as .docx again.");
        new BodyReader(reader, Headings(package), text).Read();
        return text.ToString();
    }

    /// <summary>Heading level by style id: the built-in styles have fixed names whatever the language of the file.</summary>
    private static Dictionary<string, int> Headings(OfficePackage package)
    {
        var levels = new Dictionary<string, int>();
        using var reader = package.OpenXml("word/styles.xml");
        string? style = null;
        while (reader?.Read() == true)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "style" })
            {
                style = Attribute(reader, "styleId");
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "name" } && style is not null
                && LevelOf(Attribute(reader, "val")) is var level and > 0)
            {
                levels[style] = level;
            }
        }

        return levels;
    }

    private static int LevelOf(string? name)
    {
        if (string.Equals(name, "title", StringComparison.OrdinalIgnoreCase))
        {
            return 1;
        }

        return name is not null && name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(name.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var level)
            ? Math.Clamp(level, 1, 6)
            : 0;
    }

    private static string? Attribute(XmlReader reader, string localName)
    {
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.LocalName == localName)
            {
                var value = reader.Value;
                reader.MoveToElement();
                return value;
            }
        }

        reader.MoveToElement();
        return null;
    }

    private sealed class BodyReader(XmlReader reader, Dictionary<string, int> headings, ExtractedText text)
    {
        private readonly StringBuilder _paragraph = new();
        private readonly Stack<Table> _tables = [];
        private int _level;
        private int _indent = -1;
        private bool _lastWasItem;
        private bool _inText;
        private int _skipDepth = -1;

        public void Read()
        {
            while (reader.Read())
            {
                if (_skipDepth >= 0)
                {
                    _skipDepth = reader.NodeType == XmlNodeType.EndElement && reader.Depth == _skipDepth ? -1 : _skipDepth;
                    continue;
                }

                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        Start();
                        break;
                    case XmlNodeType.EndElement:
                        End(reader.LocalName);
                        break;
                    case XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA when _inText:
                        _paragraph.Append(reader.Value);
                        break;
                }
            }
        }

        private void Start()
        {
            switch (reader.LocalName)
            {
                case "t" when !reader.IsEmptyElement:
                    _inText = true;
                    break;
                case "tab":
                    _paragraph.Append('\t');
                    break;
                case "br" or "cr":
                    _paragraph.Append('\n');
                    break;
                case "pStyle":
                    _level = headings.GetValueOrDefault(Attribute(reader, "val") ?? "");
                    break;
                case "numPr":
                    _indent = Math.Max(_indent, 0);
                    break;
                case "ilvl" when _indent >= 0
                    && int.TryParse(Attribute(reader, "val"), NumberStyles.None, CultureInfo.InvariantCulture, out var depth):
                    _indent = Math.Min(depth, 9);
                    break;
                case "p" when reader.IsEmptyElement:
                    EndParagraph();
                    break;
                case "tbl":
                    _tables.Push(new Table());
                    break;
                case "tr" when _tables.TryPeek(out var table):
                    table.Rows.Add([]);
                    break;
                case "tc" when _tables.TryPeek(out var table) && table.Rows.Count > 0:
                    table.Cell.Clear();
                    break;
                case "txbxContent":
                    EndParagraph();
                    break;
                case "Fallback" when !reader.IsEmptyElement:
                    // The same content as the Choice before it, for old readers.
                    _skipDepth = reader.Depth;
                    break;
            }
        }

        private void End(string name)
        {
            switch (name)
            {
                case "t":
                    _inText = false;
                    break;
                case "p":
                    EndParagraph();
                    break;
                case "tc" when _tables.TryPeek(out var table) && table.Rows.Count > 0:
                    table.Rows[^1].Add(table.Cell.ToString().Trim());
                    break;
                case "tbl" when _tables.TryPop(out var table):
                    var written = MarkdownTable.Write(table.Rows);
                    if (_tables.TryPeek(out var outer))
                    {
                        outer.Cell.Append(written).Append('\n');
                    }
                    else
                    {
                        text.AppendBlock(written);
                    }

                    break;
            }
        }

        private void EndParagraph()
        {
            var paragraph = _paragraph.ToString().Trim();
            _paragraph.Clear();
            var (level, indent) = (_level, _indent);
            (_level, _indent) = (0, -1);
            if (paragraph.Length == 0)
            {
                return;
            }

            if (_tables.TryPeek(out var table))
            {
                table.Cell.Append(paragraph).Append('\n');
                return;
            }

            if (level > 0)
            {
                text.AppendBlock($"{new string('#', level)} {paragraph}");
            }
            else if (indent >= 0)
            {
                var item = $"{new string(' ', indent * 2)}- {paragraph}";
                if (_lastWasItem)
                {
                    text.Append("\n");
                    text.Append(item);
                }
                else
                {
                    text.AppendBlock(item);
                }
            }
            else
            {
                text.AppendBlock(paragraph);
            }

            _lastWasItem = level == 0 && indent >= 0;
        }

        private sealed class Table
        {
            public List<List<string>> Rows { get; } = [];

            public StringBuilder Cell { get; } = new();
        }
    }
}
