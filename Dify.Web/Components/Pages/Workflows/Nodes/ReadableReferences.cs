using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Web.Components.Pages.Workflows.Outline;

namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>Says references with the titles of nodes instead of their ids.</summary>
internal static partial class ReadableReferences
{
    /// <summary>The text with each <c>{{#node.name#}}</c> as <c>[Title › name]</c>.</summary>
    public static string InText(DraftGraph graph, string text) =>
        Reference().Replace(text, match => $"[{Name(graph, match.Groups[1].Value.Split('.'))}]");

    /// <summary>A selector in words; empty when it is none.</summary>
    public static string OfSelector(DraftGraph graph, JsonNode? selector) =>
        selector is JsonArray { Count: > 0 } list ? Name(graph, [.. list.Select(part => part?.ToString() ?? "")]) : "";

    public static string Name(DraftGraph graph, IReadOnlyList<string> selector)
    {
        var first = graph.Find(selector[0]) is { Title.Length: > 0 } node ? node.Title : selector[0];
        return string.Join(" › ", selector.Skip(1).Prepend(first));
    }

    /// <summary>Every variable that the settings of a node name, in the order of naming, each once.</summary>
    /// <returns>Selectors such as <c>[node, name]</c>.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Find(DraftGraph graph, JsonNode data)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Walk(graph, data, found);
        return [.. found.Values];
    }

    private static void Walk(DraftGraph graph, JsonNode? data, Dictionary<string, IReadOnlyList<string>> found)
    {
        switch (data)
        {
            case JsonObject fields:
                foreach (var (_, value) in fields)
                {
                    Walk(graph, value, found);
                }

                break;
            case JsonArray list when list.Count >= 2 && list.All(part => part is JsonValue value && value.GetValueKind() == JsonValueKind.String):
                Add(graph, [.. list.Select(part => part!.GetValue<string>())], found);
                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Walk(graph, item, found);
                }

                break;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                foreach (var match in Reference().Matches(text.GetValue<string>()).Cast<Match>())
                {
                    Add(graph, match.Groups[1].Value.Split('.'), found);
                }

                break;
        }
    }

    /// <summary>What lies within a variable comes with it.</summary>
    private static void Add(DraftGraph graph, string[] selector, Dictionary<string, IReadOnlyList<string>> found)
    {
        if (selector.Length >= 2 && (selector[0] is "sys" or "conversation" || graph.Find(selector[0]) is not null))
        {
            found.TryAdd($"{selector[0]}.{selector[1]}", selector[..2]);
        }
    }

    [GeneratedRegex(@"\{\{#([A-Za-z0-9_-]{1,64}(?:\.[^#.{}\s][^#.{}]{0,127}){1,9})#\}\}")]
    private static partial Regex Reference();
}
