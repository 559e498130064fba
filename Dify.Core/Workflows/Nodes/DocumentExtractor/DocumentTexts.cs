using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Knowledge.Extraction;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.DocumentExtractor;

/// <summary>
/// The text of a file by its ending, else by its MIME type. Tables become Markdown tables; what is text already stays as
/// it is, HTML too, since apps look for links and marks in it.
/// </summary>
internal sealed class DocumentTexts(BoundedReading reading)
{
    private const int MostCells = 5_000_000;

    private static readonly FrozenDictionary<string, Func<MemoryStream, CancellationToken, string>> Readers =
        new Dictionary<string, Func<MemoryStream, CancellationToken, string>>
        {
            ["txt"] = Plain,
            ["md"] = Plain,
            ["markdown"] = Plain,
            ["mdx"] = Plain,
            ["html"] = Plain,
            ["htm"] = Plain,
            ["xml"] = Plain,
            ["yaml"] = Plain,
            ["yml"] = Plain,
            ["json"] = Json,
            ["csv"] = Csv,
            ["xlsx"] = Xlsx,
            ["vtt"] = (content, _) => SubtitleText.Read(Decode(content)),
            ["properties"] = (content, _) => PropertiesText.Read(Decode(content)),
            ["pdf"] = new PdfExtractor().Extract,
            ["docx"] = new DocxExtractor().Extract,
            ["pptx"] = new PptxExtractor().Extract,
            ["odt"] = new OdtExtractor().Extract,
            ["epub"] = new EpubExtractor().Extract,
            ["eml"] = new EmailExtractor().Extract,
        }.ToFrozenDictionary();

    /// <summary>What this program cannot read, and what to save it as.</summary>
    private static readonly FrozenDictionary<string, string> Older = new Dictionary<string, string>
    {
        ["doc"] = "docx", ["xls"] = "xlsx", ["ppt"] = "pptx", ["msg"] = "eml",
    }.ToFrozenDictionary();

    /// <exception cref="NodeFailedException"><c>UnsupportedFileTypeError</c> or <c>TextExtractionError</c>.</exception>
    public string Read(FileContent file, CancellationToken stop)
    {
        var extension = KindOf(file);
        using var content = new MemoryStream(file.Bytes.Length);
        content.Write(file.Bytes.Span);
        content.Position = 0;
        try
        {
            return content.Length == 0 ? "" : reading.Run(extension, limited => Readers[extension](content, limited), stop);
        }
        catch (Common.DifyException problem)
        {
            throw new NodeFailedException($"{file.Name}: {problem.Message}", "TextExtractionError", problem.Code, problem);
        }
    }

    private static string KindOf(FileContent file)
    {
        if (Readers.ContainsKey(file.Extension))
        {
            return file.Extension;
        }

        var byType = FileNames.ExtensionOfMimeType(file.MimeType);
        if (!Older.ContainsKey(file.Extension) && byType.Length > 0 && Readers.ContainsKey(byType))
        {
            return byType;
        }

        if (!Older.ContainsKey(file.Extension) && file.MimeType.StartsWith("text/", StringComparison.Ordinal))
        {
            return "txt";
        }

        var instead = Older.TryGetValue(file.Extension, out var newer) ? $" Save the file as .{newer} and send it again." : "";
        throw new NodeFailedException(
            file.Extension.Length > 0 ? $"Unsupported Extension Type: .{file.Extension}.{instead}"
            : file.MimeType is { Length: > 0 } and not "application/octet-stream" ? $"Unsupported MIME type: {file.MimeType}"
            : "Unable to determine file type: MIME type or file extension is missing",
            "UnsupportedFileTypeError");
    }

    private static string Decode(MemoryStream content) => TextDecoder.Decode(content.GetBuffer().AsSpan(0, (int)content.Length));

    private static string Plain(MemoryStream content, CancellationToken stop) => Decode(content);

    private static string Json(MemoryStream content, CancellationToken stop)
    {
        try
        {
            return PythonText.Json(JsonNode.Parse(Decode(content)), indented: true);
        }
        catch (JsonException)
        {
            throw Common.DifyException.Invalid("Failed to decode or parse JSON file. Check its brackets and quotes.");
        }
    }

    private static string Csv(MemoryStream content, CancellationToken stop)
    {
        var text = new ExtractedText(stop);
        text.AppendBlock(Table(CsvRecords.Read(Decode(content)), stop));
        return text.ToString();
    }

    private static string Xlsx(MemoryStream content, CancellationToken stop)
    {
        var text = new ExtractedText(stop);
        foreach (var (name, isOnly, rows) in XlsxExtractor.ReadSheets(content, stop))
        {
            var table = Table(rows, stop);
            if (table.Length > 0 && !isOnly)
            {
                text.AppendBlock($"## {name}");
            }

            text.AppendBlock(table);
        }

        return text.ToString();
    }

    /// <summary>A table fills every row to its widest, so it is the area that is limited.</summary>
    private static string Table(IEnumerable<List<string>> records, CancellationToken stop)
    {
        var rows = new List<List<string>>();
        var widest = 1L;
        var length = 0L;
        foreach (var record in records)
        {
            stop.ThrowIfCancellationRequested();
            var last = record.FindLastIndex(cell => cell.Length > 0);
            if (last < 0)
            {
                continue;
            }

            record.RemoveRange(last + 1, record.Count - last - 1);
            rows.Add(record);
            widest = Math.Max(widest, record.Count);
            length += record.Sum(cell => (long)cell.Length);
            if (widest * rows.Count > MostCells || length > ExtractedText.MaxLength)
            {
                throw Common.DifyException.Invalid("The sheet is too large for a table. Split it into smaller files.");
            }
        }

        return MarkdownTable.Write(rows);
    }
}
