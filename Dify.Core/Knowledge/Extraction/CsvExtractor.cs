namespace Dify.Core.Knowledge.Extraction;

/// <summary>Rows as <c>header: value; …</c>, one a line. The separator is found from the first lines.</summary>
internal sealed class CsvExtractor : IDocumentExtractor
{
    public IReadOnlyCollection<string> Extensions { get; } = ["csv"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken)
    {
        var csv = TextDecoder.Decode(content.GetBuffer().AsSpan(0, (int)content.Length));
        var text = new ExtractedText(cancellationToken);
        var sheet = new SheetText(text);
        foreach (var record in CsvRecords.Read(csv))
        {
            sheet.Add(record);
        }

        sheet.End();
        return text.ToString();
    }
}
