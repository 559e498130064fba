using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// JSON of the log. What only people read is cut to a size that a page can show; what a run needs to go on is kept
/// whole, and a number that was written as <c>1.0</c> stays one.
/// </summary>
internal static class StoredJson
{
    /// <summary>Characters a variable.</summary>
    public const int LongestVariable = 200 * 1024;

    private const string CutMark = " characters, cut)";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JsonDefaults.Wire.Encoder, SkipValidation = true };
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 1000 };

    /// <summary>Cut where a variable is too long.</summary>
    public static string Write(JsonObject values, RunSecrets? secrets = null)
    {
        var json = WriteWhole(values, secrets, out _);
        return json.Length <= LongestVariable ? json : Cut(values, secrets);
    }

    /// <summary>Everything, except that secrets are masked.</summary>
    /// <param name="isMasked">A secret was found.</param>
    public static string WriteWhole(JsonNode values, RunSecrets? secrets, out bool isMasked)
    {
        isMasked = false;
        if (values is JsonObject { Count: 0 })
        {
            return "{}";
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            Write(writer, values, secrets, ref isMasked);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>An object that was stored.</summary>
    public static JsonObject Read(string json) =>
        json.Length <= 2 ? [] : JsonNode.Parse(json, documentOptions: Reading) as JsonObject ?? [];

    /// <summary>A list that was stored.</summary>
    public static JsonArray ReadList(string json) => JsonNode.Parse(json, documentOptions: Reading) as JsonArray ?? [];

    /// <summary>A stored object at a size that a page can show.</summary>
    public static string Shown(string json) => json.Length <= LongestVariable || IsCut(json) ? json : Cut(Read(json), null);

    public static bool IsCut(string json) =>
        json.Length >= LongestVariable && json.Contains(CutMark, StringComparison.Ordinal);

    public static string? Clean(string? text) =>
        text is null ? null : Shorten(Storable(text.Replace("\0", "", StringComparison.Ordinal)), LongestVariable);

    private static void Write(Utf8JsonWriter writer, JsonNode? node, RunSecrets? secrets, ref bool isMasked)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (name, value) in map)
                {
                    writer.WritePropertyName(Text(name, secrets, ref isMasked));
                    Write(writer, value, secrets, ref isMasked);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item, secrets, ref isMasked);
                }

                writer.WriteEndArray();
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                writer.WriteStringValue(Text(text, secrets, ref isMasked));
                break;
            case JsonValue value when !value.TryGetValue<JsonElement>(out _) && value.TryGetValue<double>(out var number):
                WriteNumber(writer, number);
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteRawValue(PythonText.Float(number), skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static string Text(string text, RunSecrets? secrets, ref bool isMasked)
    {
        var storable = Storable(text);
        return secrets is null ? storable : secrets.Hide(storable, ref isMasked);
    }

    /// <summary>UTF-8 has no half of a surrogate pair.</summary>
    private static string Storable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static string Cut(JsonObject values, RunSecrets? secrets)
    {
        var cut = new JsonObject();
        foreach (var (name, value) in values)
        {
            var json = value is null ? "null" : WriteWhole(value, secrets, out _);
            if (json.Length <= LongestVariable)
            {
                cut[name] = JsonNode.Parse(json, documentOptions: Reading);
                continue;
            }

            var hidden = false;
            var text = value!.GetValueKind() == JsonValueKind.String ? Text(value.ToString(), secrets, ref hidden) : json;
            cut[name] = Shorten(text, LongestVariable);
        }

        return cut.ToJsonString(JsonDefaults.Wire);
    }

    private static string Shorten(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}… ({text.Length}{CutMark}");
    }
}
