using System.Collections.Frozen;
using System.IO.Compression;
using System.Xml;
using Dify.Core.Common;
using Dify.Core.Files;
using UglyToad.PdfPig.Core;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Reads an uploaded file as text with the extractor of its type, within bounds of size and time.</summary>
internal sealed class DocumentReader(FileService files, IEnumerable<IDocumentExtractor> extractors, TimeProvider time)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

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

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limited.Cancel(), null, TimeLimit, Timeout.InfiniteTimeSpan);
        try
        {
            var text = extractor.Extract(memory, limited.Token);
            return string.IsNullOrWhiteSpace(text) ? throw NoText() : text;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DifyException(
                ErrorCodes.InvalidParam, "Reading the file took too long. Split it into smaller files.", inner: exception);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            // Without the cause: what parsers say of hostile files must not be taken for a transient fault.
            throw DifyException.Invalid(
                $"The file could not be read as {file.Extension}: it is damaged or not what its name says. Save it again and upload it anew.");
        }
    }

    public static DifyException Unsupported(string extension) => new(
        ErrorCodes.UnsupportedFileType,
        $"Files of type '{extension}' cannot be read. Send one of: {string.Join(", ", DocumentTypes.Extensions.Order())}.",
        415);

    public static DifyException NoText() => DifyException.Invalid("There is no text in the file.");

    /// <summary>What the parsers throw at files that are broken or built to break them.</summary>
    private static bool IsDamage(Exception exception) => exception is XmlException or InvalidDataException or PdfDocumentFormatException
        or FormatException or OverflowException or IndexOutOfRangeException or ArgumentException or InvalidOperationException
        or KeyNotFoundException or InvalidCastException or NullReferenceException or NotSupportedException
        or EndOfStreamException or ArithmeticException or AngleSharp.Dom.DomException
        or System.Security.Cryptography.CryptographicException or InsufficientExecutionStackException;
}
