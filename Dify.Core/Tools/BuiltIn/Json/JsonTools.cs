using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Tools.BuiltIn.Json;

/// <summary><c>parse</c>, <c>insert</c>, <c>replace</c> and <c>delete</c>, with Dify's parameters and answers.</summary>
internal static class JsonTools
{
    private static readonly ToolParameter Content = new("content", "JSON content", ToolParameterKind.Text, true, "The JSON to work on.");
    private static readonly ToolParameter Query = new("query", "Query", ToolParameterKind.Text, true, "A path such as $.items[0].name.");
    private static readonly ToolParameter Ascii = new("ensure_ascii", "Ensure ASCII", ToolParameterKind.Boolean, false, "Write other letters as escapes.")
    {
        Default = true,
        IsSetting = true,
    };

    public static IReadOnlyList<ITool> Create() =>
    [
        new TextTool(
            new ToolDescription("parse", "JSON Parse", "A tool for extracting JSON objects",
            [
                Content, new ToolParameter("json_filter", "JSON filter", ToolParameterKind.Text, true, "A path such as $.items[*].name."), Ascii,
            ]),
            Parse),
        new TextTool(
            new ToolDescription("insert", "JSON Insert", "A tool for inserting JSON elements",
            [
                Content, Query, new ToolParameter("new_value", "New value", ToolParameterKind.Text, true, "A text, or JSON."),
                new ToolParameter("create_path", "Create path", ToolParameterKind.Boolean, false, "Make the path when it is not there.") { IsSetting = true },
                new ToolParameter("index", "Index", ToolParameterKind.Number, false, "Where in a list; the end when empty."), Ascii,
            ]),
            Insert),
        new TextTool(
            new ToolDescription("replace", "JSON Replace", "A tool for replacing JSON elements",
            [
                Content, Query,
                new ToolParameter("replace_model", "Replace model", ToolParameterKind.Select, true, "What is replaced.")
                {
                    Options = ["pattern", "value", "key"], IsSetting = true, Default = "pattern",
                },
                new ToolParameter("replace_pattern", "Pattern", ToolParameterKind.Text, false, "The part of a text that is replaced."),
                new ToolParameter("replace_value", "Replace value", ToolParameterKind.Text, true, "What comes in its place."), Ascii,
            ]),
            Replace),
        new TextTool(
            new ToolDescription("delete", "JSON Delete", "A tool for deleting JSON elements", [Content, Query, Ascii]),
            Delete),
    ];

    private static string Parse(ToolCall call) => Work(call, call.Text("json_filter"), (_, matches) =>
    {
        var value = matches is [var only] ? only.Value : new JsonArray([.. matches.Select(match => match.Value?.DeepClone())]);
        return value switch
        {
            JsonObject or JsonArray => PythonForm.Json(value, call.Flag("ensure_ascii")),
            null => "None",
            _ => value.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.True => "True",
                JsonValueKind.False => "False",
                _ => value.ToJsonString(),
            },
        };
    });

    private static string Insert(ToolCall call) => Work(call, call.Text("query"), (root, matches) =>
    {
        var text = call.Text("new_value");
        var value = PlainJson.TryParse(text, out var parsed) ? parsed : text;
        if (matches.Count == 0 && call.Flag("create_path"))
        {
            CreatePath(root, call.Text("query"), value);
        }

        foreach (var match in matches)
        {
            switch (match.Value)
            {
                case JsonObject map when value is JsonObject more:
                    foreach (var (name, item) in more)
                    {
                        map[name] = item?.DeepClone();
                    }

                    break;
                case JsonObject:
                    throw new FormatException("Cannot insert non-dict value into dict");
                case JsonArray list:
                    var index = call.Number("index") is { } wanted ? (int)Math.Clamp(wanted < 0 ? wanted + list.Count : wanted, 0, list.Count) : list.Count;
                    list.Insert(index, value?.DeepClone());
                    break;
                default:
                    match.Replace(value?.DeepClone());
                    break;
            }
        }

        return PythonForm.Json(root, call.Flag("ensure_ascii"));
    });

    private static string Replace(ToolCall call) => Work(call, call.Text("query"), (root, matches) =>
    {
        var value = call.Text("replace_value");
        foreach (var match in matches)
        {
            switch (call.Text("replace_model"))
            {
                case "key" when match is { Parent: JsonObject map, Name: { } name }:
                    map.Remove(name);
                    map[value] = match.Value;
                    break;
                case "value":
                    match.Replace(value);
                    break;
                case "pattern" when call.Text("replace_pattern") is { Length: > 0 } pattern && match.Value?.GetValueKind() == JsonValueKind.String:
                    match.Replace(match.Value.GetValue<string>().Replace(pattern, value, StringComparison.Ordinal));
                    break;
            }
        }

        return PythonForm.Json(root, call.Flag("ensure_ascii"));
    });

    private static string Delete(ToolCall call) => Work(call, call.Text("query"), (root, matches) =>
    {
        foreach (var match in matches.OrderByDescending(match => match.Index))
        {
            if (match.Parent is JsonObject map)
            {
                map.Remove(match.Name!);
            }
            else if (match.Parent is JsonArray list)
            {
                list.RemoveAt(match.Index);
            }
        }

        return PythonForm.Json(root, call.Flag("ensure_ascii"));
    });

    private static string Work(ToolCall call, string query, Func<JsonNode?, List<JsonMatch>, string> work)
    {
        if (call.Text("content").Length == 0)
        {
            return "Invalid parameter content";
        }

        try
        {
            var root = PlainJson.Parse(call.Text("content"));
            return work(root, JsonPath.Parse(query).Find(root));
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            return problem.Message;
        }
    }

    /// <summary>Objects for the names of a plain path, as far as they are missing.</summary>
    private static void CreatePath(JsonNode? root, string query, JsonNode? value)
    {
        var names = query.Trim('$', '.').Split('.', StringSplitOptions.RemoveEmptyEntries);
        var current = root as JsonObject;
        for (var i = 0; i < names.Length && current is not null; i++)
        {
            if (i == names.Length - 1)
            {
                current[names[i]] = value?.DeepClone();
            }
            else
            {
                if (!current.ContainsKey(names[i]))
                {
                    current[names[i]] = new JsonObject();
                }

                current = current[names[i]] as JsonObject;
            }
        }

        if (current is null)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The path {query} cannot be made in this JSON."));
        }
    }
}
