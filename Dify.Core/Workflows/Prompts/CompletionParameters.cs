using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Prompts;

/// <summary>Completion parameters whose texts may hold references.</summary>
internal static class CompletionParameters
{
    private const int LongestValue = 1024;

    /// <summary>The same object when nothing refers to a variable.</summary>
    public static JsonObject Resolve(JsonObject parameters, VariablePool variables)
    {
        if (!parameters.Any(item => Reference(item.Value) is not null))
        {
            return parameters;
        }

        var resolved = new JsonObject();
        foreach (var (name, value) in parameters)
        {
            resolved[name] = Reference(value) is { } template ? Cast(template.Render(variables)) : value?.DeepClone();
        }

        return resolved;
    }

    public static int MaxTokens(JsonObject parameters) =>
        parameters["max_tokens"] is JsonValue value
        && int.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var tokens) && tokens > 0
            ? tokens
            : 0;

    private static ReferenceTemplate? Reference(JsonNode? value) =>
        value is JsonValue text && text.GetValueKind() == JsonValueKind.String
        && text.GetValue<string>() is var content && content.Contains("{{#", StringComparison.Ordinal)
            ? ReferenceTemplate.Parse(content)
            : null;

    private static JsonValue Cast(string text)
    {
        text = text.Length > LongestValue ? text[..LongestValue] : text;
        try
        {
            return JsonNode.Parse(text.Trim()) is JsonValue value
                && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                    ? value
                    : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
