namespace Dify.Core.Knowledge.Extraction;

/// <summary>
/// Writes the rows of a table as <c>header: value; …</c>. The headers are the first row that is as wide as the table,
/// judged by its first rows; titles above it are lines of their own.
/// </summary>
internal sealed class SheetText(ExtractedText text)
{
    private const int Look = 10;

    private readonly List<List<string>> _first = [];
    private List<string>? _headers;

    public void Add(List<string> row)
    {
        if (_headers is not null)
        {
            Write(row);
        }
        else if (row.Exists(value => !string.IsNullOrWhiteSpace(value)))
        {
            _first.Add(row);
            if (_first.Count == Look)
            {
                FindHeaders();
            }
        }
    }

    public void End()
    {
        if (_headers is null && _first.Count > 0)
        {
            FindHeaders();
        }
    }

    private void FindHeaders()
    {
        var widest = _first.Max(Filled);
        var head = _first.FindIndex(row => Filled(row) >= Math.Max(1, widest - (widest / 4)));
        foreach (var title in _first.Take(head))
        {
            text.AppendLine(RowText.Write([], title));
        }

        _headers = _first[head];
        if (head == _first.Count - 1)
        {
            text.AppendLine(RowText.Write([], _headers));
        }

        _first.Skip(head + 1).ToList().ForEach(Write);
    }

    private void Write(List<string> row)
    {
        var line = RowText.Write(_headers!, row);
        if (line.Length > 0)
        {
            text.AppendLine(line);
        }
    }

    private static int Filled(List<string> row) => row.Count(value => !string.IsNullOrWhiteSpace(value));
}
