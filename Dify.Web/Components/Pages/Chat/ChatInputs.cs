using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>Values of the form before a chat.</summary>
public static class ChatInputs
{
    private static readonly string[] Kinds = ["text-input", "paragraph", "select", "number", "checkbox"];

    /// <summary>The fields that a person fills in; hidden ones come from the address or their default.</summary>
    public static IReadOnlyList<UserInputField> Shown(IReadOnlyList<UserInputField> form) =>
        [.. form.Where(f => Kinds.Contains(f.Kind) && !IsHidden(f))];

    /// <summary>The given values, with defaults where there is none.</summary>
    public static JsonObject WithDefaults(IReadOnlyList<UserInputField> form, JsonObject given)
    {
        var values = new JsonObject();
        foreach (var field in form)
        {
            var name = field.Input.Variable;
            values[name] = given.TryGetPropertyValue(name, out var value) && value is not null
                ? value.DeepClone()
                : DefaultOf(field);
        }

        return values;
    }

    /// <summary>For a text that is shown before the form is filled: the label stands in for a required value.</summary>
    public static JsonObject Named(IReadOnlyList<UserInputField> form, JsonObject values)
    {
        var named = (JsonObject)values.DeepClone();
        foreach (var input in form.Select(f => f.Input).Where(i => i.Required && TextOf(values[i.Variable]).Length == 0))
        {
            named[input.Variable] = input.Label.Length > 0 ? input.Label : input.Variable;
        }

        return named;
    }

    /// <summary>Values from an address, <c>?name=value</c>. What does not fit its field is left out.</summary>
    public static JsonObject FromQuery(IReadOnlyList<UserInputField> form, IReadOnlyDictionary<string, string> query)
    {
        var values = new JsonObject();
        foreach (var field in form)
        {
            if (query.TryGetValue(field.Input.Variable, out var text) && Parse(field, text) is { } value)
            {
                values[field.Input.Variable] = value;
            }
        }

        return values;
    }

    /// <summary>What is wrong, by variable: <c>required</c>, <c>too_long</c>, <c>not_an_option</c>.</summary>
    public static IReadOnlyDictionary<string, string> Problems(IReadOnlyList<UserInputField> form, JsonObject values)
    {
        var problems = new Dictionary<string, string>();
        foreach (var field in Shown(form))
        {
            if (ProblemOf(field, values[field.Input.Variable]) is { } problem)
            {
                problems[field.Input.Variable] = problem;
            }
        }

        return problems;
    }

    public static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static bool IsHidden(UserInputField field) =>
        field.Input.Other.TryGetValue("hide", out var hide) && hide.ValueKind == JsonValueKind.True;

    private static JsonNode? DefaultOf(UserInputField field) =>
        field.Input.Default is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } preset
            ? Parse(field, preset.ValueKind == JsonValueKind.String ? preset.GetString()! : preset.GetRawText())
            : field.Kind == "checkbox" ? false : null;

    private static JsonNode? Parse(UserInputField field, string text)
    {
        switch (field.Kind)
        {
            case "number":
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
            case "checkbox":
                return text is "true" or "1" ? true : text is "false" or "0" ? false : null;
            case "select":
                return field.Input.Options.Contains(text) ? text : null;
            default:
                return field.Input.MaxLength is { } limit && text.Length > limit ? text[..limit] : text;
        }
    }

    private static string? ProblemOf(UserInputField field, JsonNode? value)
    {
        var text = TextOf(value);
        if (string.IsNullOrWhiteSpace(text))
        {
            return field.Input.Required && field.Kind != "checkbox" ? "required" : null;
        }

        return field.Kind switch
        {
            "select" when !field.Input.Options.Contains(text) => "not_an_option",
            "text-input" or "paragraph" when field.Input.MaxLength is { } limit && text.Length > limit => "too_long",
            _ => null,
        };
    }
}
