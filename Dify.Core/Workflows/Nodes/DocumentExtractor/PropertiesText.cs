namespace Dify.Core.Workflows.Nodes.DocumentExtractor;

/// <summary>Java properties as <c>name: value</c> lines; comments stay.</summary>
internal static class PropertiesText
{
    public static string Read(string properties) => string.Join('\n', Lines(properties));

    private static IEnumerable<string> Lines(string properties)
    {
        var pending = "";
        foreach (var raw in properties.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = pending + raw.Trim();
            pending = "";
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                yield return line;
                continue;
            }

            if (line.EndsWith('\\') && !line.EndsWith("\\\\", StringComparison.Ordinal))
            {
                pending = line[..^1];
                continue;
            }

            var cut = line.AsSpan().IndexOfAny('=', ':');
            yield return cut < 0 ? $"{line}:" : $"{line[..cut].Trim()}: {line[(cut + 1)..].Trim()}";
        }

        if (pending.Length > 0)
        {
            yield return pending;
        }
    }
}
