using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Inputs;

namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>Values of the form that a run begins with, in the shape of the API's <c>inputs</c>.</summary>
internal static class RunFormValues
{
    /// <summary>The given values where they fit their field, else the field's default.</summary>
    public static JsonObject WithDefaults(IReadOnlyList<StartField> fields, JsonObject given)
    {
        var values = new JsonObject();
        foreach (var field in fields)
        {
            values[field.Variable] = given[field.Variable] is { } value && Fits(field, value)
                ? value.DeepClone()
                : field.Default is { } preset && Fits(field, preset) ? preset.DeepClone() : field.Kind == StartField.Checkbox ? false : null;
        }

        return values;
    }

    /// <summary>Values from an address, <c>?name=value</c>; also of hidden fields, but never files.</summary>
    public static JsonObject FromQuery(IReadOnlyList<StartField> fields, IReadOnlyDictionary<string, string> query)
    {
        var values = new JsonObject();
        foreach (var field in fields.Where(f => !f.IsFile))
        {
            if (query.TryGetValue(field.Variable, out var text) && text.Length > 0)
            {
                values[field.Variable] = field.Kind switch
                {
                    StartField.Number => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
                    StartField.Checkbox => text is "true" or "1",
                    StartField.Json => ParseObject(text),
                    _ => field.MaxLength is { } limit && text.Length > limit ? text[..limit] : text,
                };
            }
        }

        return values;
    }

    /// <summary>What is wrong, by variable: <c>required</c>, <c>not_json</c>, <c>too_long</c>, <c>too_many</c>.</summary>
    /// <param name="withHidden">A builder sees hidden fields too.</param>
    public static Dictionary<string, string> Problems(IReadOnlyList<StartField> fields, JsonObject values, bool withHidden = false)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in Shown(fields, withHidden))
        {
            var value = values[field.Variable];
            if (IsEmpty(value))
            {
                if (field.Required && field.Kind != StartField.Checkbox)
                {
                    problems[field.Variable] = "required";
                }
            }
            else if (field.Kind == StartField.Json && value is not JsonObject)
            {
                problems[field.Variable] = "not_json";
            }
            else if (field.Kind is StartField.TextInput or StartField.Paragraph && field.MaxLength is { } limit && TextOf(value).Length > limit)
            {
                problems[field.Variable] = "too_long";
            }
            else if (value is JsonArray files && files.Count > MostFiles(field))
            {
                problems[field.Variable] = "too_many";
            }
        }

        return problems;
    }

    public static IEnumerable<StartField> Shown(IReadOnlyList<StartField> fields, bool withHidden) =>
        fields.Where(f => withHidden || !f.Hidden);

    public static int MostFiles(StartField field) => field.Kind == StartField.FileList ? Math.Clamp(field.MaxLength ?? 5, 1, 10) : 1;

    public static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The object of a JSON text; what is none stays a text, so that nothing typed is lost.</summary>
    public static JsonNode? ParseObject(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text) is JsonObject made ? made : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonArray { Count: 0 }
        || (value.GetValueKind() == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetValue<string>()));

    private static bool Fits(StartField field, JsonNode value) => field.Kind switch
    {
        StartField.Number => value.GetValueKind() == JsonValueKind.Number,
        StartField.Checkbox => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        StartField.Select => field.Options.Contains(TextOf(value), StringComparer.Ordinal),
        StartField.Json => value is JsonObject or JsonValue,
        StartField.File => value is JsonObject,
        StartField.FileList => value is JsonArray,
        _ => value.GetValueKind() == JsonValueKind.String,
    };
}
