using System.Text;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Writes rows of cells as a Markdown table; the first row is the head.</summary>
internal static class MarkdownTable
{
    public static string Write(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var filled = rows.Where(row => row.Any(cell => !string.IsNullOrWhiteSpace(cell))).ToList();
        if (filled.Count == 0)
        {
            return "";
        }

        var columns = filled.Max(row => row.Count);
        var text = new StringBuilder();
        for (var r = 0; r < filled.Count; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                text.Append("| ").Append(Cell(c < filled[r].Count ? filled[r][c] : "")).Append(' ');
            }

            text.Append("|\n");
            if (r == 0)
            {
                text.Insert(text.Length, "| --- ", columns).Append("|\n");
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Cell(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
}
