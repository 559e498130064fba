using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Apps.Transfer.Yaml;

/// <summary>
/// Writes JSON as YAML the way Dify's exports look: <c>yaml.dump(data, allow_unicode=True)</c>, byte by byte. Keys are
/// sorted, collections are blocks, lines break after 80 characters, and whatever YAML 1.1 would misread is quoted.
/// </summary>
internal sealed class YamlWriter
{
    private const int Step = 2;
    private const int LongestSimpleKey = 122;

    /// <summary>As Python sorts: a character outside the first plane comes after all that lie in it.</summary>
    private static readonly Comparer<string> ByCodePoint = Comparer<string>.Create(static (a, b) =>
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        return same < a.Length && same < b.Length && char.IsSurrogate(a[same]) != char.IsSurrogate(b[same])
            ? char.IsSurrogate(a[same]) ? 1 : -1
            : string.CompareOrdinal(a, b);
    });

    private readonly YamlText _text = new();

    private YamlWriter()
    {
    }

    public static string Write(JsonNode? root)
    {
        var writer = new YamlWriter();
        writer.WriteNode(root, inMapping: false);
        return writer._text.End();
    }

    private void WriteNode(JsonNode? node, bool inMapping)
    {
        switch (node)
        {
            case JsonObject { Count: 0 }:
                _text.Indicator("{", needsSpace: true, isSpace: true);
                _text.Indicator("}");
                break;
            case JsonArray { Count: 0 }:
                _text.Indicator("[", needsSpace: true, isSpace: true);
                _text.Indicator("]");
                break;
            case JsonObject mapping:
                WriteMapping(mapping);
                break;
            case JsonArray list:
                WriteList(list, inMapping);
                break;
            default:
                WriteScalar(node, isKey: false);
                break;
        }
    }

    private void WriteMapping(JsonObject mapping)
    {
        var outer = _text.Indent;
        _text.Indent = outer is null ? 0 : outer + Step;
        foreach (var (name, value) in mapping.OrderBy(pair => pair.Key, ByCodePoint))
        {
            _text.StartLine();
            var key = YamlText.CodePoints(name);
            if (key.Length is > 0 and <= LongestSimpleKey && !ScalarShape.Of(key).IsMultiline)
            {
                WriteScalar(name, isKey: true);
                _text.Indicator(":");
            }
            else
            {
                _text.Indicator("?", needsSpace: true, isIndent: true);
                WriteScalar(name, isKey: false);
                _text.StartLine();
                _text.Indicator(":", needsSpace: true, isIndent: true);
            }

            WriteNode(value, inMapping: true);
        }

        _text.Indent = outer;
    }

    /// <summary>The items of a list that is the value of a key stand below the key without a further step.</summary>
    private void WriteList(JsonArray list, bool inMapping)
    {
        var outer = _text.Indent;
        if (outer is null)
        {
            _text.Indent = 0;
        }
        else if (!inMapping || _text.IsIndent)
        {
            _text.Indent = outer + Step;
        }

        foreach (var item in list)
        {
            _text.StartLine();
            _text.Indicator("-", needsSpace: true, isIndent: true);
            WriteNode(item, inMapping: false);
        }

        _text.Indent = outer;
    }

    private void WriteScalar(JsonNode? node, bool isKey)
    {
        var outer = _text.Indent;
        _text.Indent = outer is null ? Step : outer + Step;
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            _text.String(value.ToString(), isKey);
        }
        else
        {
            _text.Plain(YamlText.CodePoints(Spell(node)), mayBreak: false);
        }

        _text.Indent = outer;
    }

    private static string Spell(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => SpellNumber(PythonText.Number((JsonValue)node)),
    };

    /// <summary>YAML 1.1 knows a float by its point.</summary>
    private static string SpellNumber(string number) =>
        number.Contains('e', StringComparison.Ordinal) && !number.Contains('.', StringComparison.Ordinal)
            ? number.Replace("e", ".0e", StringComparison.Ordinal)
            : number;
}
