using System.Globalization;
using System.Text.Json.Nodes;

namespace Dify.Core.Tools.BuiltIn.Json;

/// <summary>The paths that Dify's JSON tools know: <c>$.a['b'][0][*]</c>, slices, wildcards and <c>..name</c>.</summary>
internal sealed class JsonPath
{
    private const int Longest = 2_000;
    private const int MostMatches = 100_000;

    private readonly List<Step> _steps = [];

    private JsonPath()
    {
    }

    /// <exception cref="FormatException">It is no such path.</exception>
    public static JsonPath Parse(string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > Longest)
        {
            throw new FormatException("The path is empty or too long.");
        }

        var path = new JsonPath();
        var at = text[0] == '$' ? 1 : 0;
        while (at < text.Length)
        {
            var isDeep = false;
            if (text[at] == '.')
            {
                isDeep = at + 1 < text.Length && text[at + 1] == '.';
                at += isDeep ? 2 : 1;
            }

            at = at < text.Length && text[at] == '[' ? path.ReadBracket(text, at, isDeep) : path.ReadName(text, at, isDeep);
        }

        return path;
    }

    public List<JsonMatch> Find(JsonNode? root)
    {
        List<JsonMatch> found = [new(root, null, null, -1)];
        foreach (var step in _steps)
        {
            IEnumerable<JsonMatch> from = step.IsDeep ? found.SelectMany(Below) : found;
            found = [.. from.SelectMany(match => Follow(match.Value, step)).Take(MostMatches)];
        }

        return found;
    }

    private static IEnumerable<JsonMatch> Follow(JsonNode? node, Step step)
    {
        switch (node)
        {
            case JsonObject map when step.Name is { } name:
                return map.TryGetPropertyValue(name, out var value) ? [new JsonMatch(value, map, name, -1)] : [];
            case JsonObject map when step.IsAny:
                return map.Select(pair => new JsonMatch(pair.Value, map, pair.Key, -1));
            case JsonArray list when step.IsAny || step.IsSlice:
                var (from, to) = (Bound(step.From ?? 0, list.Count), Bound(step.To ?? list.Count, list.Count));
                return Enumerable.Range(from, Math.Max(0, to - from)).Select(index => new JsonMatch(list[index], list, null, index));
            case JsonArray list when step.Index is { } wanted:
                var at = wanted < 0 ? wanted + list.Count : wanted;
                return at >= 0 && at < list.Count ? [new JsonMatch(list[at], list, null, at)] : [];
            default:
                return [];
        }
    }

    private static int Bound(int index, int count) => Math.Clamp(index < 0 ? index + count : index, 0, count);

    /// <summary>The node and all that hang below it, without calls into the depth.</summary>
    private static IEnumerable<JsonMatch> Below(JsonMatch start)
    {
        var pending = new Stack<JsonMatch>();
        pending.Push(start);
        while (pending.TryPop(out var match))
        {
            yield return match;
            switch (match.Value)
            {
                case JsonObject map:
                    foreach (var (name, value) in map.Reverse())
                    {
                        pending.Push(new JsonMatch(value, map, name, -1));
                    }

                    break;
                case JsonArray list:
                    for (var i = list.Count - 1; i >= 0; i--)
                    {
                        pending.Push(new JsonMatch(list[i], list, null, i));
                    }

                    break;
            }
        }
    }

    private int ReadName(string text, int at, bool isDeep)
    {
        var end = at;
        while (end < text.Length && text[end] is not ('.' or '['))
        {
            end++;
        }

        var name = text[at..end].Trim().Trim('\'', '"');
        if (name.Length == 0)
        {
            throw new FormatException($"The path is not complete at position {at + 1}.");
        }

        _steps.Add(new Step(isDeep) { Name = name == "*" ? null : name, IsAny = name == "*" });
        return end;
    }

    private int ReadBracket(string text, int at, bool isDeep)
    {
        var end = text.IndexOf(']', at);
        if (end < 0)
        {
            throw new FormatException($"The bracket at position {at + 1} is not closed.");
        }

        var inner = text[(at + 1)..end].Trim();
        if (inner is ['\'' or '"', ..])
        {
            _steps.Add(new Step(isDeep) { Name = inner.Trim('\'', '"') });
        }
        else if (inner is "*" or "")
        {
            _steps.Add(new Step(isDeep) { IsAny = true });
        }
        else if (inner.Split(':') is [var from, var to])
        {
            _steps.Add(new Step(isDeep) { IsSlice = true, From = Whole(from), To = Whole(to) });
        }
        else
        {
            _steps.Add(new Step(isDeep) { Index = Whole(inner) ?? throw new FormatException($"'[{inner}]' is not understood.") });
        }

        return end + 1;
    }

    private static int? Whole(string text) =>
        text.Trim().Length == 0 ? null
        : int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"'{text}' is no number.");

    /// <param name="IsDeep">Also looks at everything below.</param>
    private sealed record Step(bool IsDeep)
    {
        public string? Name { get; init; }

        public int? Index { get; init; }

        public bool IsAny { get; init; }

        public bool IsSlice { get; init; }

        public int? From { get; init; }

        public int? To { get; init; }
    }
}

/// <summary>A found value and where it hangs.</summary>
/// <param name="Name">Set when the parent is an object.</param>
/// <param name="Index">At least 0 when the parent is a list.</param>
internal sealed record JsonMatch(JsonNode? Value, JsonNode? Parent, string? Name, int Index)
{
    public void Replace(JsonNode? value)
    {
        if (Parent is JsonObject map)
        {
            map[Name!] = value;
        }
        else if (Parent is JsonArray list)
        {
            list[Index] = value;
        }
    }
}
