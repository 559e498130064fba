using System.Text;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>The records of a CSV text; the separator is found from its first lines.</summary>
internal static class CsvRecords
{
    private const int Sample = 8192;

    public static IEnumerable<List<string>> Read(string csv) => Records(csv, SeparatorOf(csv));

    /// <summary>The candidate that the first line, outside quotes, has most of.</summary>
    private static char SeparatorOf(string csv)
    {
        ReadOnlySpan<char> candidates = [',', ';', '\t', '|'];
        Span<int> counts = stackalloc int[candidates.Length];
        var quoted = false;
        foreach (var c in csv.AsSpan(0, Math.Min(csv.Length, Sample)))
        {
            quoted ^= c == '"';
            if (!quoted && c == '\n' && counts.ContainsAnyExcept(0))
            {
                break;
            }

            if (!quoted && candidates.IndexOf(c) is >= 0 and var i)
            {
                counts[i]++;
            }
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        return candidates[best];
    }

    /// <summary>RFC 4180, forgiving: a quote inside an unquoted field is text, a last quote may be missing.</summary>
    private static IEnumerable<List<string>> Records(string csv, char separator)
    {
        var record = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < csv.Length; i++)
        {
            var c = csv[i];
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < csv.Length && csv[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == separator)
            {
                record.Add(field.ToString());
                field.Clear();
            }
            else if (c is '\n' or '\r')
            {
                if (field.Length > 0 || record.Count > 0)
                {
                    record.Add(field.ToString());
                    field.Clear();
                    yield return record;
                    record = [];
                }
            }
            else
            {
                field.Append(c);
            }
        }

        if (field.Length > 0 || record.Count > 0)
        {
            record.Add(field.ToString());
            yield return record;
        }
    }
}
