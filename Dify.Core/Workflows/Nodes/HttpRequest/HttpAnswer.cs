using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Knowledge.Extraction;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>An answer read to its end; tells files from text as Dify does.</summary>
internal sealed class HttpAnswer
{
    private const int Sample = 1024;

    private static readonly string[] TextTypes = ["json", "xml", "javascript", "x-www-form-urlencoded", "yaml", "graphql"];
    private static readonly string[] TextMarks = ["{", "[", "<", "function", "var ", "const ", "let "];

    /// <summary>Types of applications that have an ending of their own; others that look like text are text.</summary>
    private static readonly string[] FileTypes =
    [
        "octet-stream", "pdf", "zip", "gzip", "x-gzip", "x-tar", "x-7z-compressed", "vnd.rar", "java-archive", "msword", "rtf", "postscript",
        "epub+zip", "wasm", "x-sqlite3", "x-bzip2", "x-sh", "x-shockwave-flash",
    ];

    public required int Status { get; init; }

    public required JsonObject Headers { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>As the host says it, parameters and all; empty when it says nothing.</summary>
    public required string ContentType { get; init; }

    public ContentDispositionHeaderValue? Disposition { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;

    public string MediaType => ContentType.Split(';')[0].Trim().ToLowerInvariant();

    public bool IsFile => Decide(Bytes, MediaType, Disposition);

    public string Text
    {
        get
        {
            var charset = MediaTypeHeaderValue.TryParse(ContentType, out var parsed) ? parsed.CharSet?.Trim('"') : null;
            var encoding = charset is null ? null : TextDecoder.Named(charset);
            return encoding is null ? TextDecoder.Decode(Bytes) : encoding.GetString(Bytes).TrimStart('\uFEFF');
        }
    }

    public static bool Decide(ReadOnlySpan<byte> bytes, string mediaType, ContentDispositionHeaderValue? disposition)
    {
        if (disposition is not null
            && (disposition.DispositionType.Equals("attachment", StringComparison.OrdinalIgnoreCase)
                || disposition.FileName is not null || disposition.FileNameStar is not null))
        {
            return true;
        }

        if (mediaType.StartsWith("text/", StringComparison.Ordinal))
        {
            return false;
        }

        if (!mediaType.StartsWith("application/", StringComparison.Ordinal))
        {
            return mediaType.StartsWith("image/", StringComparison.Ordinal) || mediaType.StartsWith("audio/", StringComparison.Ordinal)
                || mediaType.StartsWith("video/", StringComparison.Ordinal);
        }

        if (TextTypes.Any(type => mediaType.Contains(type, StringComparison.Ordinal)))
        {
            return false;
        }

        var sample = bytes[..Math.Min(bytes.Length, Sample)];
        if (!System.Text.Unicode.Utf8.IsValid(sample))
        {
            return true;
        }

        var text = Encoding.UTF8.GetString(sample);
        var subtype = mediaType["application/".Length..];
        return !TextMarks.Any(mark => text.Contains(mark, StringComparison.Ordinal))
            && (FileTypes.Contains(subtype) || subtype.StartsWith("vnd.", StringComparison.Ordinal));
    }

    /// <summary>The name and type under which a file is kept.</summary>
    public (string Name, string MimeType) Describe(Uri address)
    {
        var given = Disposition?.FileNameStar ?? Disposition?.FileName?.Trim('"');
        var name = FileNames.Clean(string.IsNullOrWhiteSpace(given) ? Uri.UnescapeDataString(address.Segments[^1].Trim('/')) : given);
        var extension = FileNames.ExtensionOf(name);
        var mime = extension.Length > 0 && !string.IsNullOrWhiteSpace(given) ? FileNames.MimeTypeOf(extension, MediaType)
            : MediaType.Length > 0 ? MediaType
            : FileNames.MimeTypeOf(extension, null);
        var usual = FileNames.ExtensionOfMimeType(mime);
        return (extension.Length == 0 && usual.Length > 0 ? $"{name}.{usual}" : name, mime);
    }

    public static string Readable(long size) => size < 1024 ? $"{size} bytes"
        : size < 1024 * 1024 ? FormattableString.Invariant($"{size / 1024.0:F2} KB")
        : FormattableString.Invariant($"{size / 1024.0 / 1024.0:F2} MB");
}
