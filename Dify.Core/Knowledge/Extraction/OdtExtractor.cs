using System.Globalization;
using System.Text;
using System.Xml;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>OpenDocument text: headings, lists and tables as Markdown; comments and deleted text are left out.</summary>
internal sealed class OdtExtractor : IDocumentExtractor
{
    private const int MostSpaces = 100;

    public IReadOnlyCollection<string> Extensions { get; } = ["odt"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        using var package = new OfficePackage(content);
        using var reader = package.OpenXml("content.xml")
            ?? throw Common.DifyException.Invalid("The file holds no OpenDocument text. Save it as .odt again.");
        var text = new ExtractedText(cancellationToken);
        new Body(reader, text).Read();
        return text.ToString();
    }

    private sealed class Body(XmlReader reader, ExtractedText text)
    {
        private readonly StringBuilder _block = new();
        private readonly StringBuilder _cell = new();
        private List<List<string>>? _rows;
        private int _tables;
        private int _blocks;
        private int _items;
        private int _level;

        public void Read()
        {
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        if (reader.LocalName is "annotation" or "tracked-changes" or "note-citation")
                        {
                            Skip();
                        }
                        else
                        {
                            Start();
                        }

                        break;
                    case XmlNodeType.EndElement:
                        End();
                        break;
                    case XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA when _blocks > 0:
                        _block.Append(reader.Value);
                        break;
                }
            }
        }

        /// <summary>Past the end of this element, without calls for its children.</summary>
        private void Skip()
        {
            if (!reader.IsEmptyElement)
            {
                var depth = reader.Depth;
                while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
                {
                }
            }
        }

        private void Start()
        {
            switch (reader.LocalName)
            {
                case "h" or "p" when !reader.IsEmptyElement:
                    _level = reader.LocalName == "h" ? Math.Clamp(Number("outline-level"), 1, 6) : 0;
                    _blocks++;
                    break;
                case "tab":
                    _block.Append('\t');
                    break;
                case "line-break":
                    _block.Append('\n');
                    break;
                case "s":
                    _block.Append(' ', Math.Clamp(Number("c"), 1, MostSpaces));
                    break;
                case "list-item" when !reader.IsEmptyElement:
                    _items++;
                    break;
                case "table" when !reader.IsEmptyElement && _tables++ == 0:
                    _rows = [];
                    break;
                case "table-row" when _tables == 1:
                    _rows!.Add([]);
                    break;
                case "table-cell" when _tables == 1 && reader.IsEmptyElement && _rows is { Count: > 0 }:
                    _rows[^1].Add("");
                    break;
            }
        }

        private void End()
        {
            switch (reader.LocalName)
            {
                case "h" or "p":
                    _blocks--;
                    EndBlock();
                    break;
                case "list-item":
                    _items--;
                    break;
                case "table-cell" when _tables == 1 && _rows is { Count: > 0 }:
                    _rows[^1].Add(_cell.ToString());
                    _cell.Clear();
                    break;
                case "table" when --_tables == 0:
                    text.AppendBlock(MarkdownTable.Write(_rows!));
                    _rows = null;
                    break;
            }
        }

        private void EndBlock()
        {
            if (_tables > 0)
            {
                _cell.Append(_block).Append('\n');
            }
            else if (_block.Length > 0)
            {
                text.AppendBlock(_level > 0 ? $"{new string('#', _level)} {_block}" : _items > 0 ? $"- {_block}" : _block.ToString());
            }

            _block.Clear();
        }

        private int Number(string localName)
        {
            var value = 1;
            for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
            {
                if (reader.LocalName == localName)
                {
                    _ = int.TryParse(reader.Value, NumberStyles.None, CultureInfo.InvariantCulture, out value);
                }
            }

            reader.MoveToElement();
            return value;
        }
    }
}
