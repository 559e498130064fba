using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>The ways in which Python takes texts apart.</summary>
internal static class Splitting
{
    public static IEnumerable<object?> Split(string text, string? separator, int most)
    {
        if (separator is null)
        {
            return Words(text, most);
        }

        return separator.Length == 0 ? throw PyException.ValueError("empty separator")
            : text.Split(separator, most < 0 ? int.MaxValue : most + 1, StringSplitOptions.None);
    }

    public static IEnumerable<object?> SplitRight(string text, string? separator, int most)
    {
        if (separator is { Length: 0 })
        {
            throw PyException.ValueError("empty separator");
        }

        if (most < 0)
        {
            return Split(text, separator, -1);
        }

        var parts = new List<object?>();
        var rest = text;
        while (most-- > 0)
        {
            if (separator is null)
            {
                rest = PyString.Trim(rest, null, false, true);
                var word = rest.Length;
                while (word > 0 && !PyString.IsSpace(rest[word - 1]))
                {
                    word--;
                }

                if (word == 0)
                {
                    break;
                }

                parts.Add(rest[word..]);
                rest = rest[..word];
            }
            else if (rest.LastIndexOf(separator, StringComparison.Ordinal) is var at and >= 0)
            {
                parts.Add(rest[(at + separator.Length)..]);
                rest = rest[..at];
            }
            else
            {
                break;
            }
        }

        rest = separator is null ? PyString.Trim(rest, null, false, true) : rest;
        if (separator is not null || rest.Length > 0)
        {
            parts.Add(rest);
        }

        parts.Reverse();
        return parts;
    }

    public static PyTuple Partition(string text, string separator, bool fromRight)
    {
        if (separator.Length == 0)
        {
            throw PyException.ValueError("empty separator");
        }

        var at = fromRight ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return at >= 0 ? new PyTuple(text[..at], separator, text[(at + separator.Length)..])
            : fromRight ? new PyTuple("", "", text)
            : new PyTuple(text, "", "");
    }

    public static IEnumerable<string> Lines(string text, bool keepEnds = false)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && text[end] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029'))
            {
                end++;
            }

            var next = end < text.Length && text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : Math.Min(end + 1, text.Length);
            yield return keepEnds ? text[start..next] : text[start..end];
            start = next;
        }
    }

    private static IEnumerable<object?> Words(string text, int most)
    {
        var position = 0;
        while (true)
        {
            while (position < text.Length && PyString.IsSpace(text[position]))
            {
                position++;
            }

            if (position >= text.Length)
            {
                yield break;
            }

            if (most-- == 0)
            {
                yield return PyString.Trim(text[position..], null, false, true);
                yield break;
            }

            var end = position;
            while (end < text.Length && !PyString.IsSpace(text[end]))
            {
                end++;
            }

            yield return text[position..end];
            position = end;
        }
    }
}
