using System.Xml;
using Dify.Core.Common;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>EPUB: the chapters in reading order, each read as a page of HTML.</summary>
internal sealed class EpubExtractor : IDocumentExtractor
{
    private static readonly HtmlExtractor Html = new();

    public IReadOnlyCollection<string> Extensions { get; } = ["epub"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        using var package = new OfficePackage(content);
        var book = BookOf(package) ?? throw DifyException.Invalid("The file holds no book. Save it as .epub again.");
        var text = new ExtractedText(cancellationToken);
        foreach (var chapter in Chapters(package, book))
        {
            using var bytes = package.ReadBytes(chapter);
            if (bytes is { Length: > 0 })
            {
                text.AppendBlock(Html.Extract(bytes, cancellationToken));
            }
        }

        return text.ToString();
    }

    private static string? BookOf(OfficePackage package)
    {
        using var reader = package.OpenXml("META-INF/container.xml", toleratesDtd: true);
        while (reader?.Read() == true)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "rootfile" })
            {
                return reader.GetAttribute("full-path");
            }
        }

        return null;
    }

    private static List<string> Chapters(OfficePackage package, string book)
    {
        var folder = book.Contains('/', StringComparison.Ordinal) ? book[..(book.LastIndexOf('/') + 1)] : "";
        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        var chapters = new List<string>();
        using var reader = package.OpenXml(book, toleratesDtd: true);
        while (reader?.Read() == true)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "item" }
                && reader.GetAttribute("id") is { } id && reader.GetAttribute("href") is { } href)
            {
                items[id] = folder + Uri.UnescapeDataString(href.Split('#')[0]);
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "itemref" }
                && reader.GetAttribute("idref") is { } reference && items.TryGetValue(reference, out var part))
            {
                chapters.Add(part);
            }
        }

        // A book that names one chapter a thousand times is read once.
        return [.. chapters.Distinct(StringComparer.Ordinal)];
    }
}
