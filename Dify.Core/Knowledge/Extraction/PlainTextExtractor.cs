namespace Dify.Core.Knowledge.Extraction;

internal sealed class PlainTextExtractor : IDocumentExtractor
{
    public IReadOnlyCollection<string> Extensions { get; } = ["txt", "md", "markdown"];

    public string Extract(MemoryStream content, CancellationToken cancellationToken) =>
        TextDecoder.Decode(content.GetBuffer().AsSpan(0, (int)content.Length));
}
