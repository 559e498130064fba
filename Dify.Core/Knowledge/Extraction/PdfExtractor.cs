using System.Text;
using Dify.Core.Common;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis;
using UglyToad.PdfPig.DocumentLayoutAnalysis.PageSegmenter;
using UglyToad.PdfPig.DocumentLayoutAnalysis.WordExtractor;
using UglyToad.PdfPig.Exceptions;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>PDF: text page by page, blocks in reading order (columns one after the other), words broken at line ends joined.</summary>
internal sealed class PdfExtractor : IDocumentExtractor
{
    private const int MaxPages = 5_000;
    private const int MaxLettersForLayout = 50_000;

    public IReadOnlyCollection<string> Extensions { get; } = ["pdf"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        try
        {
            using var document = PdfDocument.Open(content, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
            return Read(document, cancellationToken);
        }
        catch (PdfDocumentEncryptedException exception)
        {
            throw new DifyException(
                ErrorCodes.InvalidParam, "The PDF is protected with a password. Save it without one and upload it again.", inner: exception);
        }
    }

    private static string Read(PdfDocument document, CancellationToken cancellationToken)
    {
        if (document.NumberOfPages > MaxPages)
        {
            throw DifyException.Invalid($"The PDF has more than {MaxPages} pages. Split it into smaller files.");
        }

        var text = new ExtractedText(cancellationToken);
        var pictures = 0;
        for (var number = 1; number <= document.NumberOfPages; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = document.GetPage(number);
            pictures += page.NumberOfImages;
            foreach (var block in Blocks(page))
            {
                text.AppendBlock(block);
            }
        }

        var read = text.ToString();
        if (read.Length == 0 && pictures > 0)
        {
            throw DifyException.Invalid(
                "The PDF holds pictures of pages but no text. Run it through text recognition (OCR) and upload the result.");
        }

        return read;
    }

    private static IEnumerable<string> Blocks(Page page)
    {
        var letters = page.Letters;
        if (letters.Count == 0)
        {
            return [];
        }

        if (letters.Count > MaxLettersForLayout)
        {
            return [page.Text];
        }

        var words = NearestNeighbourWordExtractor.Instance.GetWords(letters).Where(word => !string.IsNullOrWhiteSpace(word.Text)).ToList();
        return words.Count == 0 ? [] : PdfReadingOrder.Sort(DocstrumBoundingBoxes.Instance.GetBlocks(words)).Select(Join);
    }

    private static string Join(TextBlock block)
    {
        var text = new StringBuilder();
        foreach (var line in block.TextLines)
        {
            var part = line.Text.Trim();
            if (part.Length == 0)
            {
                continue;
            }

            // A lower-case letter before and after a hyphen at the line's end: one word that was broken.
            if (text.Length > 1 && text[^1] is '-' or '\u00AD' && char.IsLower(text[^2]) && char.IsLower(part[0]))
            {
                text.Length--;
            }
            else if (text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(part);
        }

        return WithoutLigatures(text);
    }

    /// <summary>Typesetters' joined letters become the letters that people search for.</summary>
    private static string WithoutLigatures(StringBuilder text) => text
        .Replace("\uFB00", "ff").Replace("\uFB01", "fi").Replace("\uFB02", "fl")
        .Replace("\uFB03", "ffi").Replace("\uFB04", "ffl").Replace("\uFB05", "st").Replace("\uFB06", "st").ToString();
}
