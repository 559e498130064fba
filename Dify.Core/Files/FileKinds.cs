using System.Collections.Frozen;

namespace Dify.Core.Files;

/// <summary>The kinds that apps tell files apart by: <c>image</c>, <c>document</c>, <c>audio</c>, <c>video</c>, <c>custom</c>.</summary>
public static class FileKinds
{
    public const string Image = "image";
    public const string Document = "document";
    public const string Audio = "audio";
    public const string Video = "video";
    public const string Custom = "custom";

    private static readonly FrozenDictionary<string, string> ByExtension = new[]
    {
        (Image, "jpg jpeg png webp gif svg"),
        (Audio, "mp3 m4a wav amr mpga"),
        (Video, "mp4 mov mpeg webm"),
        (Document, "txt markdown md mdx pdf html htm xlsx xls vtt properties doc docx csv eml msg ppt pptx xml epub odt json yaml yml"),
    }.SelectMany(kind => kind.Item2.Split(' ').Select(extension => (extension, kind.Item1)))
        .ToFrozenDictionary(pair => pair.extension, pair => pair.Item2);

    /// <summary>The five words, in Dify's order.</summary>
    public static IReadOnlyList<string> All { get; } = [Image, Document, Audio, Video, Custom];

    /// <summary>By extension, else by MIME type, else <c>custom</c>.</summary>
    /// <param name="extension">Lower case, with or without the dot.</param>
    public static string Of(string? extension, string? mimeType) =>
        ByExtension.TryGetValue((extension ?? "").TrimStart('.'), out var kind) ? kind
        : mimeType is null ? Custom
        : mimeType.StartsWith("image/", StringComparison.Ordinal) ? Image
        : mimeType.StartsWith("audio/", StringComparison.Ordinal) ? Audio
        : mimeType.StartsWith("video/", StringComparison.Ordinal) ? Video
        : mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType == "application/pdf" ? Document
        : Custom;

    /// <summary>Extensions of a kind, in order, without the dot.</summary>
    public static IReadOnlyList<string> ExtensionsOf(string kind) =>
        [.. ByExtension.Where(pair => pair.Value == kind).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
}
