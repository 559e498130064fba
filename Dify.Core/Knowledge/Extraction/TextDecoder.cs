using System.Text;
using UtfUnknown;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Finds the character set of bytes: byte-order mark, then valid UTF-8, then statistics.</summary>
internal static class TextDecoder
{
    private const int Sample = 256 * 1024;

    static TextDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var encoding = Detect(bytes);
        var text = encoding.GetString(bytes);
        return text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text;
    }

    /// <summary>The encoding of a name, as HTML and XML declare it; null when unknown.</summary>
    public static Encoding? Named(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public static Encoding Detect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            return Encoding.UTF8;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]))
        {
            return Encoding.UTF32;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return Encoding.Unicode;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return Encoding.BigEndianUnicode;
        }

        return WithoutMark(bytes);
    }

    private static Encoding WithoutMark(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length, Sample)];
        var (even, odd) = CountZeros(sample);
        if (odd > sample.Length / 8 && odd > even * 4)
        {
            return Encoding.Unicode;
        }

        if (even > sample.Length / 8 && even > odd * 4)
        {
            return Encoding.BigEndianUnicode;
        }

        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8;
        }

        // Mostly valid UTF-8 with a few broken bytes stays UTF-8; the broken ones are cleaned away later.
        var detected = CharsetDetector.DetectFromBytes(sample.ToArray()).Detected;
        return detected is { Confidence: >= 0.5f, Encoding: { } found } ? found : Encoding.UTF8;
    }

    private static (int Even, int Odd) CountZeros(ReadOnlySpan<byte> bytes)
    {
        int even = 0, odd = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0)
            {
                _ = (i & 1) == 0 ? even++ : odd++;
            }
        }

        return (even, odd);
    }
}
