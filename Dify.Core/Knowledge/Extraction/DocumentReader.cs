using System.Collections.Frozen;
using Dify.Core.Common;
using Dify.Core.Files;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Reads an uploaded file as text with the extractor of its type, within bounds of size and time.</summary>
internal sealed class DocumentReader(FileService files, IEnumerable<IDocumentExtractor> extractors, BoundedReading reading)
{
    private readonly FrozenDictionary<string, IDocumentExtractor> _extractors = extractors
        .SelectMany(extractor => extractor.Extensions.Select(extension => (extension, extractor)))
        .ToFrozenDictionary(pair => pair.extension, pair => pair.extractor);

    /// <exception cref="DifyException"><c>invalid_param</c> with a reason for a person.</exception>
    public async Task<string> ReadAsync(UploadedFile file, CancellationToken cancellationToken)
    {
        if (!_extractors.TryGetValue(file.Extension, out var extractor))
        {
            throw Unsupported(file.Extension);
        }

        await using var content = await files.OpenAsync(file, cancellationToken);
        using var memory = new MemoryStream((int)Math.Min(file.Size, int.MaxValue / 2));
        await content.CopyToAsync(memory, cancellationToken);
        memory.Position = 0;
        if (memory.Length == 0)
        {
            throw NoText();
        }

        var text = reading.Run(file.Extension, limited => extractor.Extract(memory, limited), cancellationToken);
        return string.IsNullOrWhiteSpace(text) ? throw NoText() : text;
    }

    public static DifyException Unsupported(string extension) => new(
        ErrorCodes.UnsupportedFileType,
        $"Files of type '{extension}' cannot be read. Send one of: {string.Join(", ", DocumentTypes.Extensions.Order())}.",
        415);

    public static DifyException NoText() => DifyException.Invalid("There is no text in the file.");
}
