using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Runs;

/// <summary>JSON of the log, cut to a size that a page can show and a row can hold.</summary>
internal static class StoredJson
{
    /// <summary>Characters a variable.</summary>
    public const int LongestVariable = 200 * 1024;

    public static string Write(JsonObject values)
    {
        if (values.Count == 0)
        {
            return "{}";
        }

        var json = values.ToJsonString(JsonDefaults.Wire);
        return json.Length <= LongestVariable ? json : Cut(values);
    }

    public static string? Clean(string? text) =>
        text is null ? null : Shorten(text.Replace("\0", "", StringComparison.Ordinal), LongestVariable);

    private static string Cut(JsonObject values)
    {
        var cut = new JsonObject();
        foreach (var (name, value) in values)
        {
            var json = value?.ToJsonString(JsonDefaults.Wire) ?? "null";
            cut[name] = json.Length <= LongestVariable
                ? JsonNode.Parse(json)
                : Shorten(value!.GetValueKind() == JsonValueKind.String ? value.ToString() : json, LongestVariable);
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
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}… ({text.Length} characters, cut)");
    }
}
