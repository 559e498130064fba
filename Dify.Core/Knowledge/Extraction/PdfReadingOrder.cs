using UglyToad.PdfPig.DocumentLayoutAnalysis;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>
/// Reading order of the blocks of a page: wide blocks cut the page into bands from top to bottom; inside a band the
/// columns are read from left to right, each from top to bottom.
/// </summary>
internal static class PdfReadingOrder
{
    /// <summary>Points.</summary>
    private const double SameHeight = 5;

    public static IEnumerable<TextBlock> Sort(IReadOnlyList<TextBlock> blocks)
    {
        if (blocks.Count < 2)
        {
            return blocks;
        }

        var left = blocks.Min(b => b.BoundingBox.Left);
        var right = blocks.Max(b => b.BoundingBox.Right);
        var middle = (left + right) / 2;
        var margin = (right - left) * 0.03;
        var sorted = new List<TextBlock>(blocks.Count);
        var band = new List<TextBlock>();
        foreach (var block in Down(blocks))
        {
            var crosses = block.BoundingBox.Left < middle - margin && block.BoundingBox.Right > middle + margin;
            if (crosses)
            {
                Flush(band, middle, sorted);
                sorted.Add(block);
            }
            else
            {
                band.Add(block);
            }
        }

        Flush(band, middle, sorted);
        return sorted;
    }

    private static void Flush(List<TextBlock> band, double middle, List<TextBlock> sorted)
    {
        sorted.AddRange(Down(band.Where(b => Center(b) < middle)));
        sorted.AddRange(Down(band.Where(b => Center(b) >= middle)));
        band.Clear();
    }

    /// <summary>From top to bottom; what stands on about the same height from left to right.</summary>
    private static IEnumerable<TextBlock> Down(IEnumerable<TextBlock> blocks) => blocks
        .OrderByDescending(b => Math.Round(b.BoundingBox.Top / SameHeight))
        .ThenBy(b => b.BoundingBox.Left);

    private static double Center(TextBlock block) => (block.BoundingBox.Left + block.BoundingBox.Right) / 2;
}
