using System.Text;
using System.Xml;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>PowerPoint: slide by slide in the order of the show, tables as Markdown tables, notes after their slide.</summary>
internal sealed class PptxExtractor : IDocumentExtractor
{
    public IReadOnlyCollection<string> Extensions { get; } = ["pptx"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        using var package = new OfficePackage(content);
        var text = new ExtractedText(cancellationToken);
        foreach (var slide in Slides(package))
        {
            Read(package, slide, text);
            foreach (var (_, part) in package.Relationships(slide).Where(target => target.Value.Contains("notesSlide", StringComparison.Ordinal)))
            {
                Read(package, Plain(part), text);
            }
        }

        return text.ToString();
    }

    private static List<string> Slides(OfficePackage package)
    {
        const string presentation = "ppt/presentation.xml";
        var targets = package.Relationships(presentation);
        using var reader = package.OpenXml(presentation)
            ?? throw Common.DifyException.Invalid("The file holds no presentation. Save it as .pptx again.");
        var slides = new List<string>();
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "sldId" }
                && reader.GetAttribute("id", "http://schemas.openxmlformats.org/officeDocument/2006/relationships") is { } id
                && targets.TryGetValue(id, out var part))
            {
                slides.Add(Plain(part));
            }
        }

        return slides;
    }

    /// <summary>Without <c>a/../</c>: notes lie beside the folder of the slides.</summary>
    private static string Plain(string part)
    {
        var kept = new List<string>();
        foreach (var name in part.Split('/'))
        {
            if (name == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (name is not (".." or "."))
            {
                kept.Add(name);
            }
        }

        return string.Join('/', kept);
    }

    private static void Read(OfficePackage package, string part, ExtractedText text)
    {
        using var reader = package.OpenXml(part);
        var paragraph = new StringBuilder();
        List<List<string>>? rows = null;
        var cell = new StringBuilder();
        var inText = false;
        var isField = false;
        while (reader?.Read() == true)
        {
            switch (reader)
            {
                case { NodeType: XmlNodeType.Element, LocalName: "t", IsEmptyElement: false }:
                    inText = !isField;
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "t" }:
                    inText = false;
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "fld", IsEmptyElement: false }:
                    // Numbers of slides and dates, which the program fills in.
                    isField = true;
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "fld" }:
                    isField = false;
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "br" }:
                    paragraph.Append('\n');
                    break;
                case { NodeType: XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA } when inText:
                    paragraph.Append(reader.Value);
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "p" }:
                    if (rows is null)
                    {
                        text.AppendBlock(paragraph.ToString());
                    }
                    else
                    {
                        cell.Append(paragraph).Append('\n');
                    }

                    paragraph.Clear();
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "tbl", IsEmptyElement: false }:
                    rows = [];
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "tr" }:
                    rows?.Add([]);
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "tc" } when rows is { Count: > 0 }:
                    rows[^1].Add(cell.ToString());
                    cell.Clear();
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "tbl" } when rows is not null:
                    text.AppendBlock(MarkdownTable.Write(rows));
                    rows = null;
                    break;
            }
        }
    }
}
