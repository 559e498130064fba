using System.Globalization;
using System.Text;
using System.Xml;
using Dify.Core.Common;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>
/// Excel: each row as <c>header: value; …</c>, the first filled row of a sheet being the headers. Cells show their
/// stored values (a formula's last result), dates as ISO dates.
/// </summary>
internal sealed class XlsxExtractor : IDocumentExtractor
{
    private const int MaxColumns = 16_384;
    private const int MaxSharedStrings = 5_000_000;

    public IReadOnlyCollection<string> Extensions { get; } = ["xlsx"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        var text = new ExtractedText(cancellationToken);
        foreach (var (name, isOnly, rows) in ReadSheets(content, cancellationToken))
        {
            var title = isOnly ? null : name;
            var sheet = new SheetText(text);
            foreach (var row in rows)
            {
                if (title is not null && row.Exists(value => value.Length > 0))
                {
                    text.AppendBlock($"## {title}");
                    text.Append("\n\n");
                    title = null;
                }

                sheet.Add(row);
            }

            sheet.End();
        }

        return text.ToString();
    }

    /// <summary>The sheets with their rows, which are read while they are gone through.</summary>
    public static IEnumerable<(string Name, bool IsOnly, IEnumerable<List<string>> Rows)> ReadSheets(
        MemoryStream content, CancellationToken cancellationToken)
    {
        using var package = new OfficePackage(content);
        var sheets = Sheets(package, out var epoch1904);
        if (sheets.Count == 0)
        {
            throw DifyException.Invalid("The file holds no Excel sheets. Save it as .xlsx again.");
        }

        var book = new Workbook(SharedStrings(package, cancellationToken), XlsxDateStyles.Read(package), epoch1904);
        foreach (var (name, part) in sheets)
        {
            using var reader = package.OpenXml(part);
            if (reader is not null)
            {
                yield return (name, sheets.Count == 1, Rows(reader, book));
            }
        }
    }

    private static List<(string Name, string Part)> Sheets(OfficePackage package, out bool epoch1904)
    {
        epoch1904 = false;
        var sheets = new List<(string, string)>();
        var targets = package.Relationships("xl/workbook.xml");
        using var reader = package.OpenXml("xl/workbook.xml");
        while (reader?.Read() == true)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "workbookPr" })
            {
                epoch1904 = reader.GetAttribute("date1904") is "1" or "true";
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "sheet" }
                && reader.GetAttribute("id", "http://schemas.openxmlformats.org/officeDocument/2006/relationships") is { } id
                && targets.TryGetValue(id, out var part))
            {
                sheets.Add((reader.GetAttribute("name") ?? "", part));
            }
        }

        return sheets;
    }

    private static List<string> SharedStrings(OfficePackage package, CancellationToken cancellationToken)
    {
        var strings = new List<string>();
        var current = new StringBuilder();
        var total = 0L;
        var inText = false;
        using var reader = package.OpenXml("xl/sharedStrings.xml");
        while (reader?.Read() == true)
        {
            switch (reader)
            {
                case { NodeType: XmlNodeType.Element, LocalName: "t" }:
                    inText = !reader.IsEmptyElement;
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "t" }:
                    inText = false;
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "si", IsEmptyElement: true }:
                    strings.Add("");
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "si" }:
                    strings.Add(current.ToString());
                    total += current.Length;
                    current.Clear();
                    cancellationToken.ThrowIfCancellationRequested();
                    if (strings.Count > MaxSharedStrings || total > ExtractedText.MaxLength)
                    {
                        throw DifyException.Invalid("The sheet holds more text than a document may hold. Split it into smaller files.");
                    }

                    break;
                case { NodeType: XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA } when inText:
                    current.Append(reader.Value);
                    break;
            }
        }

        return strings;
    }

    private static IEnumerable<List<string>> Rows(XmlReader reader, Workbook book)
    {
        var row = new List<string>();
        var cell = new Cell();
        while (reader.Read())
        {
            switch (reader)
            {
                case { NodeType: XmlNodeType.Element, LocalName: "row" }:
                    row.Clear();
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "c" }:
                    cell = Cell.Start(reader, row.Count);
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "v" or "t" }:
                    cell.InValue = !reader.IsEmptyElement;
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "v" or "t" }:
                    cell.InValue = false;
                    break;
                case { NodeType: XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA } when cell.InValue:
                    cell.Value.Append(reader.Value);
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "c" }:
                    Place(row, cell.Column, book.Show(cell));
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "row" }:
                    yield return [.. row];
                    break;
            }
        }
    }

    private static void Place(List<string> row, int column, string value)
    {
        if (value.Length == 0 || column is < 0 or >= MaxColumns)
        {
            return;
        }

        while (row.Count <= column)
        {
            row.Add("");
        }

        row[column] = value;
    }

    private sealed class Cell
    {
        public int Column { get; private init; }

        public string Type { get; private init; } = "n";

        public int Style { get; private init; } = -1;

        public bool InValue { get; set; }

        public StringBuilder Value { get; } = new();

        public static Cell Start(XmlReader reader, int next) => new()
        {
            Column = ColumnOf(reader.GetAttribute("r")) ?? next,
            Type = reader.GetAttribute("t") ?? "n",
            Style = int.TryParse(reader.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var style) ? style : -1,
        };

        /// <summary>Column of <c>BC12</c>, counted from 0.</summary>
        private static int? ColumnOf(string? reference)
        {
            var column = 0;
            foreach (var c in reference ?? "")
            {
                if (c is < 'A' or > 'Z' || column > MaxColumns)
                {
                    break;
                }

                column = (column * 26) + (c - 'A' + 1);
            }

            return column == 0 ? null : column - 1;
        }
    }

    private sealed record Workbook(List<string> Strings, XlsxDateStyles Dates, bool Epoch1904)
    {
        public string Show(Cell cell)
        {
            var value = cell.Value.ToString();
            switch (cell.Type)
            {
                case "s":
                    return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Strings.Count
                        ? Strings[index]
                        : "";
                case "b":
                    return value == "1" ? "TRUE" : value.Length > 0 ? "FALSE" : "";
                case "n":
                    return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                        ? Dates.IsDate(cell.Style)
                            ? XlsxDateStyles.Show(number, Epoch1904)
                            : Math.Abs(number) is < 1e15 and > 1e-9
                                ? Math.Round(number, 10).ToString("0.##########", CultureInfo.InvariantCulture)
                                : value
                        : value;
                default:
                    return value;
            }
        }
    }
}
