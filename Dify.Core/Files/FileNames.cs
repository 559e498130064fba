using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Dify.Core.Files;

/// <summary>Names of files as senders give them: shown to people, never used as a path.</summary>
public static class FileNames
{
    private const int MaxLength = 200;

    private static readonly FrozenDictionary<string, string> MimeTypes = new Dictionary<string, string>
    {
        ["txt"] = "text/plain",
        ["md"] = "text/markdown",
        ["markdown"] = "text/markdown",
        ["mdx"] = "text/markdown",
        ["pdf"] = "application/pdf",
        ["doc"] = "application/msword",
        ["docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ["xls"] = "application/vnd.ms-excel",
        ["xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ["ppt"] = "application/vnd.ms-powerpoint",
        ["pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ["odt"] = "application/vnd.oasis.opendocument.text",
        ["epub"] = "application/epub+zip",
        ["eml"] = "message/rfc822",
        ["msg"] = "application/vnd.ms-outlook",
        ["html"] = "text/html",
        ["htm"] = "text/html",
        ["csv"] = "text/csv",
        ["vtt"] = "text/vtt",
        ["properties"] = "text/x-java-properties",
        ["json"] = "application/json",
        ["xml"] = "application/xml",
        ["yaml"] = "application/yaml",
        ["yml"] = "application/yaml",
        ["zip"] = "application/zip",
        ["png"] = "image/png",
        ["jpg"] = "image/jpeg",
        ["jpeg"] = "image/jpeg",
        ["gif"] = "image/gif",
        ["webp"] = "image/webp",
        ["svg"] = "image/svg+xml",
        ["mp3"] = "audio/mpeg",
        ["mpga"] = "audio/mpeg",
        ["m4a"] = "audio/mp4",
        ["wav"] = "audio/wav",
        ["amr"] = "audio/amr",
        ["mp4"] = "video/mp4",
        ["mov"] = "video/quicktime",
        ["mpeg"] = "video/mpeg",
        ["webm"] = "video/webm",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Extensions = MimeTypes
        .DistinctBy(pair => pair.Value).ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>
    /// The last part of the name without control and direction-changing characters, in NFC, at most 200 characters with
    /// its extension kept. A name of nothing becomes <c>untitled</c>.
    /// </summary>
    public static string Clean(string? name)
    {
        var text = (name ?? "").Replace('\\', '/');
        text = text[(text.LastIndexOf('/') + 1)..];
        var builder = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) && rune != Rune.ReplacementChar)
            {
                builder.Append(rune.ToString());
            }
        }

        text = builder.ToString().Normalize(NormalizationForm.FormC).Trim().TrimEnd('.');
        if (text.Length > MaxLength)
        {
            var extension = Path.GetExtension(text);
            extension = extension.Length > 20 ? "" : extension;
            var cut = MaxLength - extension.Length;
            text = text[..(char.IsHighSurrogate(text[cut - 1]) ? cut - 1 : cut)] + extension;
        }

        return text.Trim('.', ' ').Length == 0 ? "untitled" : text;
    }

    /// <summary>Lower case, without the dot; empty when there is none.</summary>
    public static string ExtensionOf(string name)
    {
        var extension = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        return extension.Length <= 20 && extension.All(char.IsAsciiLetterOrDigit) ? extension : "";
    }

    /// <summary>By extension where it is known; what the sender says is only taken for the rest, and only when well formed.</summary>
    public static string MimeTypeOf(string extension, string? sent) =>
        MimeTypes.TryGetValue(extension, out var known) ? known
        : sent is { Length: > 2 and <= 100 } && sent.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '+' or '.')
            ? sent
            : "application/octet-stream";

    /// <summary>The usual extension of a MIME type, without the dot; empty when it is not known.</summary>
    public static string ExtensionOfMimeType(string mimeType) => mimeType switch
    {
        "text/plain" => "txt",
        "text/markdown" => "md",
        "text/html" => "html",
        "text/xml" => "xml",
        "text/csv" => "csv",
        "image/jpeg" => "jpg",
        "audio/mpeg" => "mp3",
        "application/yaml" or "text/yaml" or "application/x-yaml" => "yaml",
        _ => Extensions.GetValueOrDefault(mimeType, ""),
    };
}
