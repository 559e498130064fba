using System.Text;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Writes a row of a sheet as <c>header: value; header: value</c>, so that a chunk can be read by itself.</summary>
internal static class RowText
{
    public static string Write(IReadOnlyList<string> headers, IReadOnlyList<string> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            var value = OneLine(values[i]);
            if (value.Length == 0)
            {
                continue;
            }

            if (text.Length > 0)
            {
                text.Append("; ");
            }

            var header = i < headers.Count ? OneLine(headers[i]) : "";
            if (header.Length > 0)
            {
                text.Append(header).Append(": ");
            }

            text.Append(value);
        }

        return text.ToString();
    }

    private static string OneLine(string text) => text.AsSpan().IndexOfAny('\n', '\r', '\t') < 0
        ? text.Trim()
        : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
