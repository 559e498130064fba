using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Apps.Compilation;

/// <summary>A field of the form, and its name inside the graph.</summary>
internal sealed record CompiledInput(UserInputField Field, string Name)
{
    /// <exception cref="DifyException"><c>invalid_param</c>.</exception>
    public JsonNode? Check(JsonNode? given)
    {
        var input = Field.Input;
        var value = IsMissing(given) && input.Default is { ValueKind: not JsonValueKind.Null } fallback
            ? JsonSerializer.SerializeToNode(fallback)
            : given;
        if (IsMissing(value))
        {
            return input.Required && Field.Kind != "checkbox"
                ? throw DifyException.Invalid($"{input.Variable} is required in input form")
                : Field.Kind == "checkbox" ? JsonValue.Create(false) : null;
        }

        return Field.Kind switch
        {
            "number" => CheckNumber(value!),
            "checkbox" => CheckFlag(value!),
            _ => CheckText(value!),
        };
    }

    private static bool IsMissing(JsonNode? value) =>
        value is null || (value.GetValueKind() == JsonValueKind.String && value.ToString().Length == 0);

    private JsonNode CheckNumber(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => value.DeepClone(),
        JsonValueKind.String when long.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        JsonValueKind.String when double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => number,
        _ => throw DifyException.Invalid($"{Field.Input.Variable} in input form must be a valid number"),
    };

    private JsonNode CheckFlag(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.ToString(), out var flag) => flag,
        _ => throw DifyException.Invalid($"{Field.Input.Variable} in input form must be true or false"),
    };

    private JsonNode CheckText(JsonNode value)
    {
        var name = Field.Input.Variable;
        if (value.GetValueKind() != JsonValueKind.String)
        {
            throw DifyException.Invalid($"{name} in input form must be a string");
        }

        // Some clients send NUL, which no store takes.
        var text = value.ToString().Replace("\0", "", StringComparison.Ordinal);
        if (Field.Kind == "select" && Field.Input.Options is { Count: > 0 } options && !options.Contains(text))
        {
            throw DifyException.Invalid($"{name} in input form must be one of the following: {string.Join(", ", options)}");
        }

        return Field.Input.MaxLength is { } most and > 0 && text.Length > most
            ? throw DifyException.Invalid($"{name} in input form must be less than {most} characters")
            : text;
    }
}
