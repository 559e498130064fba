using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Prompts;

/// <summary>Finds the JSON in what a model said around it.</summary>
internal static partial class AnswerJson
{
    /// <summary>An answer that begins so many objects and ends none is not worth more time.</summary>
    private const int MostTries = 200;

    private static readonly string[] Starts = ["```json", "```", "``", "`", "{", "["];
    private static readonly string[] Ends = ["```", "``", "`", "}", "]"];

    /// <summary>The text without what stands in <c>&lt;think&gt;</c> tags.</summary>
    public static string WithoutThinking(string text) =>
        text.Contains("<think", StringComparison.OrdinalIgnoreCase) ? Thinking().Replace(text, "") : text;

    /// <summary>
    /// The first fenced block, else what stands between the first bracket and the last. A list of one object is that
    /// object.
    /// </summary>
    /// <exception cref="FormatException">There is no such block, or it is no JSON object. Worded as in Dify.</exception>
    public static JsonObject Block(string text)
    {
        text = text.Trim();
        var start = -1;
        foreach (var mark in Starts)
        {
            start = text.IndexOf(mark, StringComparison.Ordinal);
            if (start >= 0)
            {
                start += mark is "{" or "[" ? 0 : mark.Length;
                break;
            }
        }

        var end = -1;
        foreach (var mark in Ends)
        {
            end = start < 0 ? -1 : text.LastIndexOf(mark, StringComparison.Ordinal);
            if (end >= start && end >= 0)
            {
                end += mark is "}" or "]" ? 1 : 0;
                break;
            }
        }

        if (start < 0 || end <= start)
        {
            throw new FormatException("could not find json block in the output.");
        }

        try
        {
            return PlainJson.Parse(text[start..end].Trim()) switch
            {
                JsonObject found => found,
                JsonArray { Count: 1 } list when list[0] is JsonObject only => (JsonObject)only.DeepClone(),
                _ => throw new FormatException("got invalid return object: an object is needed."),
            };
        }
        catch (JsonException problem)
        {
            throw new FormatException($"got invalid json object. error: {problem.Message}", problem);
        }
    }

    /// <summary>The first piece of the text that is a whole JSON object; null when there is none.</summary>
    public static JsonObject? FirstObject(string text)
    {
        var tries = 0;
        for (var start = text.IndexOf('{'); start >= 0 && tries < MostTries; start = text.IndexOf('{', start + 1), tries++)
        {
            var end = EndOf(text, start);
            if (end > 0 && PlainJson.TryParse(text[start..end], out var found) && found is JsonObject map)
            {
                return map;
            }
        }

        return null;
    }

    /// <summary>Behind the bracket that closes the one at <paramref name="start"/>; -1 when none does.</summary>
    private static int EndOf(string text, int start)
    {
        var depth = 0;
        var isText = false;
        for (var i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when isText:
                    i++;
                    break;
                case '"':
                    isText = !isText;
                    break;
                case '{' or '[' when !isText:
                    depth++;
                    break;
                case '}' or ']' when !isText && --depth == 0:
                    return i + 1;
            }
        }

        return -1;
    }

    [GeneratedRegex("<think[^>]*>.*?</think>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Thinking();
}
