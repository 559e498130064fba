namespace Dify.Core.Files;

/// <summary>A look at the first bytes, so that a name cannot lie about what the readers are given.</summary>
internal static class FileSignatures
{
    /// <summary>Bytes of the start of a file that are looked at; PDF readers accept a header within the first 1,024.</summary>
    public const int Length = 1024;

    public static bool Fits(string extension, ReadOnlySpan<byte> head) => extension switch
    {
        // An empty file is told apart later, with a reason of its own.
        _ when head.IsEmpty => true,
        "pdf" => head.IndexOf("%PDF-"u8) >= 0,
        "docx" or "xlsx" or "pptx" or "epub" => head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith(OleHeader),
        "png" => head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]),
        "jpg" or "jpeg" => head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
        "gif" => head.StartsWith("GIF8"u8),
        "webp" => head.StartsWith("RIFF"u8),
        "txt" or "md" or "markdown" or "csv" or "html" or "htm" => !IsKnownBinary(head),
        _ => true,
    };

    /// <summary>Old Office files and encrypted new ones; the reader tells the latter with a reason.</summary>
    private static ReadOnlySpan<byte> OleHeader => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    private static bool IsKnownBinary(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("%PDF-"u8) || head.StartsWith(OleHeader)
        || head.StartsWith("\u007fELF"u8) || head.StartsWith("GIF8"u8)
        || head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || (head.StartsWith("MZ"u8) && head.Contains((byte)0));
}
