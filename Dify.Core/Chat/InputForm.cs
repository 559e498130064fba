using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;

namespace Dify.Core.Chat;

/// <summary>Checks what a caller filled into an app's form; what the form does not name is dropped.</summary>
internal static class InputForm
{
    private const int LongestText = 100_000;

    /// <param name="earlier">The conversation's values, which count where the caller says nothing.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> that names the variable.</exception>
    public static JsonObject Read(IReadOnlyList<UserInputField> form, JsonObject given, JsonObject? earlier)
    {
        var values = new JsonObject();
        foreach (var field in form)
        {
            var name = field.Input.Variable;
            if (!given.TryGetPropertyValue(name, out var value))
            {
                earlier?.TryGetPropertyValue(name, out value);
            }

            values[name] = ReadField(field, value);
        }

        return values;
    }

    private static JsonNode? ReadField(UserInputField field, JsonNode? value)
    {
        var input = field.Input;
        if (IsEmpty(value))
        {
            if (input.Required)
            {
                throw Invalid(input, "is required");
            }

            return input.Default is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } preset
                ? JsonNode.Parse(preset.GetRawText())
                : field.Kind switch { "number" => null, "checkbox" => false, _ => "" };
        }

        return field.Kind switch
        {
            "number" => ReadNumber(input, value!),
            "checkbox" => ReadSwitch(input, value!),
            "select" => ReadChoice(input, value!),
            _ => ReadText(input, value!),
        };
    }

    private static bool IsEmpty(JsonNode? value) =>
        value is null || (value.GetValueKind() == JsonValueKind.String && Text(value).Length == 0);

    private static string ReadText(UserInput input, JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.String)
        {
            throw Invalid(input, "must be a string");
        }

        var text = Text(value);
        var limit = input.MaxLength ?? LongestText;
        return text.Length <= limit ? text : throw Invalid(input, $"must be at most {limit} characters");
    }

    private static string ReadChoice(UserInput input, JsonNode value)
    {
        var text = ReadText(input, value);
        return input.Options.Contains(text, StringComparer.Ordinal)
            ? text
            : throw Invalid(input, "must be one of its options");
    }

    private static JsonNode ReadNumber(UserInput input, JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.Number:
                return value.DeepClone();
            case JsonValueKind.String:
                var text = Text(value).Trim();
                if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    return number;
                }

                break;
        }

        throw Invalid(input, "must be a number");
    }

    private static bool ReadSwitch(UserInput input, JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(Text(value), out var parsed) => parsed,
        JsonValueKind.Number when value.ToJsonString() is "0" or "1" => value.ToJsonString() == "1",
        _ => throw Invalid(input, "must be true or false"),
    };

    private static string Text(JsonNode value)
    {
        try
        {
            return PlainText.Clean(value.GetValue<string>());
        }
        catch (InvalidOperationException)
        {
            throw DifyException.Invalid("inputs: a text is not valid Unicode.");
        }
    }

    private static DifyException Invalid(UserInput input, string what) =>
        DifyException.Invalid($"{input.Variable} {what} in the input form.");
}
