using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dify.Tests.Workflows;

/// <summary>A recorded run: what went in, and every event that came out.</summary>
internal sealed partial class GoldenTrace
{
    public required string Query { get; init; }

    public required JsonObject Inputs { get; init; }

    public required string GraphFile { get; init; }

    /// <summary>Set when the graph was refused.</summary>
    public string? BuildError { get; init; }

    public required IReadOnlyList<GoldenEvent> Events { get; init; }

    public static GoldenTrace Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var given = lines.Select(line => Given().Match(line)).First(match => match.Success);
        var queryFirst = given.Groups["q1"].Success;
        var events = lines.Select(line => Line().Match(line)).Where(match => match.Success).Select(ToEvent).ToList();
        return new GoldenTrace
        {
            Query = Literal(queryFirst ? given.Groups["q1"].Value : given.Groups["q2"].Value)!.ToString(),
            Inputs = (JsonObject)Literal(queryFirst ? given.Groups["i1"].Value : given.Groups["i2"].Value)!,
            GraphFile = GraphFileOf(path),
            BuildError = lines.FirstOrDefault(line => line.StartsWith("BUILD ERROR", StringComparison.Ordinal))?.Split(": ", 2)[1],
            Events = events,
        };
    }

    private static string GraphFileOf(string path)
    {
        var name = Path.GetFileName(path)[..^".trace.txt".Length];
        var folder = Path.GetDirectoryName(path)!;
        if (name.StartsWith("builder_restricted__", StringComparison.Ordinal))
        {
            return Path.Combine(folder, "builder_restricted", name["builder_restricted__".Length..] + ".yml");
        }

        for (; ; name = Path.GetFileNameWithoutExtension(name))
        {
            var candidate = Path.Combine(folder, name + ".yml");
            if (File.Exists(candidate) || !name.Contains('.', StringComparison.Ordinal))
            {
                return candidate;
            }
        }
    }

    /// <summary>The Python literals of the trace heads are near enough to JSON.</summary>
    private static JsonNode? Literal(string text)
    {
        var json = text.Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal)
            .Replace("None", "null", StringComparison.Ordinal).Replace('\'', '"');
        return JsonNode.Parse(json);
    }

    private static GoldenEvent ToEvent(Match match)
    {
        var rest = match.Groups["rest"].Value;
        return new GoldenEvent
        {
            Name = match.Groups["name"].Value,
            NodeType = match.Groups["type"].Success ? match.Groups["type"].Value : null,
            NodeId = match.Groups["id"].Success ? match.Groups["id"].Value : null,
            Outputs = Value(rest, "outputs") as JsonObject,
            Error = Value(rest, "error")?.ToString(),
            Chunk = Value(rest, "chunk")?.ToString(),
            Selector = Field(rest, " sel=") is { } selector ? selector.Split(' ')[0] : null,
            IsFinal = InFrame().Replace(rest, "").EndsWith(" final", StringComparison.Ordinal),
            Handle = Field(rest, " handle=")?.Split(' ')[0],
            RetryIndex = Number(rest, " retry_index="),
            ExceptionsCount = Number(rest, " exceptions_count="),
            Frame = Field(rest, " in_iteration=") ?? Field(rest, " in_loop="),
            Index = Number(rest, " index="),
            Steps = Number(rest, " steps="),
            Metadata = Value(rest, "metadata") as JsonObject,
        };
    }

    private static int? Number(string rest, string mark) => Field(rest, mark) is { } text
        ? int.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
        : null;

    private static string? Field(string rest, string mark)
    {
        var start = (" " + rest).LastIndexOf(mark, StringComparison.Ordinal);
        return start < 0 ? null : (" " + rest)[(start + mark.Length)..];
    }

    private static JsonNode? Value(string rest, string name)
    {
        var start = (" " + rest).IndexOf($" {name}=", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes((" " + rest)[(start + name.Length + 2)..]);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: true, state: default);
        return JsonNode.Parse(ref reader);
    }

    [GeneratedRegex(@"^# (query=(?<q1>'.*') inputs=(?<i1>\{.*\})|inputs=(?<i2>\{.*\}) query=(?<q2>'.*'))$")]
    private static partial Regex Given();

    [GeneratedRegex(@" in_(iteration|loop)=\S+$")]
    private static partial Regex InFrame();

    [GeneratedRegex(@"^\s*\d+ (?<name>\w+Event) (?:(?<type>[a-z0-9-]+)\((?<id>[^)]+)\))?\s?(?<rest>.*)$")]
    private static partial Regex Line();
}

/// <summary>One line of a trace.</summary>
internal sealed record GoldenEvent
{
    public required string Name { get; init; }

    public string? NodeType { get; init; }

    public string? NodeId { get; init; }

    public JsonObject? Outputs { get; init; }

    public string? Error { get; init; }

    public string? Chunk { get; init; }

    public string? Selector { get; init; }

    public bool IsFinal { get; init; }

    public string? Handle { get; init; }

    public int? RetryIndex { get; init; }

    public int? ExceptionsCount { get; init; }

    /// <summary>Container and item or round, as <c>it#2</c>.</summary>
    public string? Frame { get; init; }

    public int? Index { get; init; }

    public int? Steps { get; init; }

    public JsonObject? Metadata { get; init; }

    public override string ToString() =>
        $"{Name} {NodeType}({NodeId}) outputs={Outputs?.ToJsonString()} error={Error} sel={Selector} chunk={Chunk} "
        + $"final={IsFinal} handle={Handle} retry={RetryIndex} exceptions={ExceptionsCount} in={Frame} index={Index} "
        + $"steps={Steps} metadata={Metadata?.ToJsonString()}";
}
