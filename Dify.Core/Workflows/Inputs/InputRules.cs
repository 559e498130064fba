using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Inputs;

/// <summary>
/// The one place that checks what somebody filled into a form, whatever app it belongs to. Files stay as they were sent;
/// <see cref="StartInputs"/> turns them into file values.
/// </summary>
internal static class InputRules
{
    private const int LongestText = 1_000_000;

    /// <summary>The values of the form's fields; what the form does not name is dropped.</summary>
    /// <param name="earlier">Values that count where the caller says nothing.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> that names the variable.</exception>
    public static JsonObject Read(IReadOnlyList<StartField> form, JsonObject given, JsonObject? earlier = null)
    {
        var values = new JsonObject();
        foreach (var field in form)
        {
            if (!given.TryGetPropertyValue(field.Variable, out var value))
            {
                earlier?.TryGetPropertyValue(field.Variable, out value);
            }

            values[field.Variable] = ReadField(field, value);
        }

        return values;
    }

    private static JsonNode? ReadField(StartField field, JsonNode? value)
    {
        if (IsEmpty(field, value))
        {
            if (field.Required)
            {
                throw DifyException.Invalid($"{field.Variable} is required in input form");
            }

            value = field.Default;
            if (IsEmpty(field, value))
            {
                return null;
            }
        }

        return field.Kind switch
        {
            StartField.Number => ReadNumber(field, value!),
            StartField.Checkbox => ReadSwitch(field, value!),
            StartField.Select => ReadChoice(field, value!),
            StartField.Json => ReadObject(field, value!),
            StartField.File => value is JsonObject ? value.DeepClone() : throw Invalid(field, "must be a file"),
            StartField.FileList => ReadFiles(field, value!),
            _ => ReadText(field, value!),
        };
    }

    private static bool IsEmpty(StartField field, JsonNode? value) => value switch
    {
        null => true,
        JsonArray { Count: 0 } => field.IsFile,
        JsonObject { Count: 0 } => field.IsFile,
        JsonValue when value.GetValueKind() == JsonValueKind.String =>
            field.Kind == StartField.Number ? string.IsNullOrWhiteSpace(Text(value)) : Text(value).Length == 0,
        _ => false,
    };

    private static string ReadText(StartField field, JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.String)
        {
            throw DifyException.Invalid($"(type '{field.Kind}') {field.Variable} in input form must be a string");
        }

        var text = Text(value);
        var limit = field.MaxLength ?? LongestText;
        return text.Length <= limit || (text.Length <= limit * 2L && text.EnumerateRunes().Count() <= limit)
            ? text
            : throw Invalid(field, $"must be less than {limit} characters");
    }

    private static string ReadChoice(StartField field, JsonNode value)
    {
        var text = ReadText(field with { MaxLength = null }, value);
        return field.Options.Contains(text, StringComparer.Ordinal)
            ? text
            : throw Invalid(field, $"must be one of the following: [{string.Join(", ", field.Options.Select(option => $"'{option}'"))}]");
    }

    private static JsonNode ReadNumber(StartField field, JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.Number:
                return value.DeepClone();
            case JsonValueKind.String when ParseNumber(Text(value).Trim()) is { } number:
                return number;
            default:
                throw Invalid(field, "must be a valid number");
        }
    }

    /// <summary>As Python reads it: a point makes a float, anything else must be an integer.</summary>
    private static JsonNode? ParseNumber(string text)
    {
        if (!text.Contains('.', StringComparison.Ordinal))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                ? JsonValue.Create(integer)
                : null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) || !double.IsFinite(real))
        {
            return null;
        }

        // The point is what makes it a float for whatever renders it, so it is kept.
        var written = real.ToString("R", CultureInfo.InvariantCulture);
        return JsonNode.Parse(written.AsSpan().ContainsAny('.', 'E') ? written : written + ".0");
    }

    private static bool ReadSwitch(StartField field, JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => Text(value).Trim().ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" or "ON" => true,
            "FALSE" or "0" or "NO" or "OFF" => false,
            _ => throw Invalid(field, "must be true or false"),
        },
        JsonValueKind.Number when value.ToJsonString() is "0" or "1" => value.ToJsonString() == "1",
        _ => throw Invalid(field, "must be true or false"),
    };

    private static JsonObject ReadObject(StartField field, JsonNode value)
    {
        // A default of the file may be the text of an object; callers send objects.
        if (ReferenceEquals(value, field.Default) && value.GetValueKind() == JsonValueKind.String)
        {
            try
            {
                value = JsonNode.Parse(Text(value)) ?? value;
            }
            catch (JsonException)
            {
                throw Invalid(field, "must be a dict");
            }
        }

        if (value is not JsonObject map)
        {
            throw Invalid(field, "must be a dict");
        }

        var clean = (JsonObject)Clean(map)!;
        return field.Schema is { } schema && map.Count > 0 && JsonSchema.Problem(schema, clean) is { } problem
            ? throw DifyException.Invalid($"JSON object for '{field.Variable}' does not match schema: {problem}")
            : clean;
    }

    private static JsonArray ReadFiles(StartField field, JsonNode value)
    {
        var list = value is JsonObject single ? [single.DeepClone()] : value as JsonArray;
        if (list is null || !list.All(item => item is JsonObject))
        {
            throw Invalid(field, "must be a list of files");
        }

        return field.MaxLength is { } limit && list.Count > limit
            ? throw Invalid(field, $"must be less than {limit} files")
            : (JsonArray)list.DeepClone();
    }

    private static JsonNode? Clean(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject map:
                var cleanMap = new JsonObject();
                foreach (var (name, item) in map)
                {
                    cleanMap[PlainText.Clean(name)] = Clean(item);
                }

                return cleanMap;
            case JsonArray list:
                return new JsonArray([.. list.Select(Clean)]);
            case JsonValue when value.GetValueKind() == JsonValueKind.String:
                return Text(value);
            default:
                return value?.DeepClone();
        }
    }

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

    private static DifyException Invalid(StartField field, string what) =>
        DifyException.Invalid($"{field.Variable} in input form {what}");
}
