using System.Text.Json.Nodes;
using Dify.Core.Common;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dify.Core.Apps.Transfer.Yaml;

/// <summary>
/// Reads one YAML 1.1 document as JSON, with the values that PyYAML's safe loader gives. Aliases are resolved and merge
/// keys merged, but never into more than <see cref="ReadingBudget"/> allows: a bomb is refused before it is built.
/// </summary>
internal sealed class YamlReader
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    private readonly IParser _events;
    private readonly ReadingBudget _budget = new();
    private readonly Dictionary<string, (JsonNode? Value, ReadingBudget.Size Size)> _anchors = new(StringComparer.Ordinal);

    private YamlReader(IParser events) => _events = events;

    /// <exception cref="DifyException"><c>invalid_param</c>: no readable YAML, or larger than allowed.</exception>
    public static JsonNode? Read(string text)
    {
        RefuseControlCharacters(text);
        try
        {
            var events = new Parser(new Scanner(new StringReader(text), skipComments: true));
            return new YamlReader(events).ReadDocument();
        }
        catch (YamlException exception)
        {
            throw Invalid(exception.Message, exception.Start.Line);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // What the scanner lets through of escapes that name no character and numbers without end.
            throw DifyException.Invalid("Invalid YAML format: the file cannot be read.");
        }
    }

    private JsonNode? ReadDocument()
    {
        _events.Consume<StreamStart>();
        if (_events.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _events.Consume<DocumentStart>();
        var root = ReadNode(0);
        _events.Consume<DocumentEnd>();
        return _events.TryConsume<StreamEnd>(out _) ? root : throw Invalid("expected a single document in the stream");
    }

    private JsonNode? ReadNode(int depth)
    {
        _budget.CheckDepth(depth);
        if (_events.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var known))
            {
                throw Invalid($"found undefined alias '{alias.Value.Value}'", alias.Start.Line);
            }

            _budget.Repeat(known.Size, depth);
            return known.Value?.DeepClone();
        }

        var before = _budget.Spent;
        var start = _events.Current as NodeEvent ?? throw Invalid("expected a value", _events.Current?.Start.Line ?? 0);
        JsonNode? value = start switch
        {
            Scalar => ReadScalar(_events.Consume<Scalar>()),
            SequenceStart => ReadList(depth),
            MappingStart => ReadObject(depth),
            _ => throw Invalid("expected a value", start.Start.Line),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = (value, _budget.Since(before, depth));
        }

        return value;
    }

    private JsonArray ReadList(int depth)
    {
        CheckTag(_events.Consume<SequenceStart>(), "seq");
        _budget.Spend(0);
        var list = new JsonArray();
        while (!_events.TryConsume<SequenceEnd>(out _))
        {
            list.Add(ReadNode(depth + 1));
        }

        return list;
    }

    private JsonObject ReadObject(int depth)
    {
        CheckTag(_events.Consume<MappingStart>(), "map");
        _budget.Spend(0);
        var own = new JsonObject();
        List<JsonObject>? merged = null;
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            if (_events.Accept<Scalar>(out var key) && key is { Style: ScalarStyle.Plain, Value: "<<" } && key.Tag.IsEmpty)
            {
                _events.Consume<Scalar>();
                (merged ??= []).AddRange(Mergeable(ReadNode(depth + 1), key.Start.Line));
                continue;
            }

            var name = ReadKey(depth + 1);
            own[name] = ReadNode(depth + 1);
        }

        return merged is null ? own : Merge(merged, own);
    }

    /// <summary>A key is always text on the JSON side; Python writes others this way.</summary>
    private string ReadKey(int depth)
    {
        var line = _events.Current?.Start.Line ?? 0;
        return ReadNode(depth) switch
        {
            null => "null",
            JsonValue value => value.ToJsonString() is ['"', ..] ? value.GetValue<string>() : value.ToJsonString(),
            _ => throw Invalid("found unhashable key", line),
        };
    }

    private static IEnumerable<JsonObject> Mergeable(JsonNode? value, long line) => value switch
    {
        JsonObject one => [one],
        JsonArray several when several.All(item => item is JsonObject) => several.Cast<JsonObject>(),
        _ => throw Invalid("expected a mapping or list of mappings for merging", line),
    };

    private static JsonObject Merge(List<JsonObject> merged, JsonObject own)
    {
        var all = new JsonObject();
        foreach (var source in merged.AsEnumerable().Reverse().Append(own))
        {
            foreach (var (name, value) in source)
            {
                all[name] = value?.DeepClone();
            }
        }

        return all;
    }

    private JsonNode? ReadScalar(Scalar scalar)
    {
        _budget.Spend(scalar.Value.Length);
        if (scalar.Tag.IsEmpty)
        {
            return scalar.Style == ScalarStyle.Plain ? YamlScalars.Resolve(scalar.Value) : JsonValue.Create(scalar.Value);
        }

        var text = scalar.Value;
        return scalar.Tag.Value switch
        {
            "!" or TagPrefix + "str" => JsonValue.Create(text),
            TagPrefix + "null" => null,
            TagPrefix + "bool" when YamlScalars.Boolean(text) is { } flag => JsonValue.Create(flag),
            TagPrefix + "int" when YamlScalars.Integer(text) is { } whole => whole,
            TagPrefix + "float" when YamlScalars.AnyFloat(text) is { } number => number,
            TagPrefix + "timestamp" => JsonValue.Create(text),
            var tag => throw Invalid($"could not determine a constructor for the tag '{tag}'", scalar.Start.Line),
        };
    }

    private static void CheckTag(NodeEvent start, string expected)
    {
        if (!start.Tag.IsEmpty && start.Tag.Value != TagPrefix + expected && start.Tag.Value != "!")
        {
            throw Invalid($"could not determine a constructor for the tag '{start.Tag.Value}'", start.Start.Line);
        }
    }

    private static void RefuseControlCharacters(string text)
    {
        var found = text.AsSpan().IndexOfAny(Refused);
        if (found >= 0)
        {
            throw Invalid(
                $"unacceptable character #x{(int)text[found]:x4}: special characters are not allowed. Is this a text file?",
                1 + text.AsSpan(0, found).Count('\n'));
        }
    }

    private static readonly System.Buffers.SearchValues<char> Refused = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(code => (char)code)
            .Where(c => c is < ' ' and not ('\t' or '\n' or '\r') or > '~' and not '\u0085'), '\uFFFE', '\uFFFF']);

    private static DifyException Invalid(string problem, long line = 0) =>
        DifyException.Invalid(line > 0 ? $"Invalid YAML format: {problem} (line {line})" : $"Invalid YAML format: {problem}");
}
