using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Tools;

/// <summary>One value that a tool takes.</summary>
/// <param name="Kind">Dify's word for the type.</param>
/// <param name="IsRequired">Without a value the tool is not called.</param>
public sealed record ToolParameter(string Name, string Label, ToolParameterKind Kind, bool IsRequired, string Description)
{
    /// <summary>Used when no value is given.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Set by the author once, not by a model or a flow at each call.</summary>
    public bool IsSetting { get; init; }

    /// <summary>What a select offers; other values are taken too, since app files have them.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Hidden in logs.</summary>
    public bool IsSecret => Kind == ToolParameterKind.Secret;

    /// <summary>The value in the parameter's type, by the rules of Dify: texts become numbers and truth values.</summary>
    /// <exception cref="ToolException">The value cannot be brought into the type.</exception>
    public JsonNode? Cast(JsonNode? value) => Kind switch
    {
        ToolParameterKind.Boolean => IsTrue(value),
        ToolParameterKind.Number when value is JsonValue && value.GetValueKind() == JsonValueKind.String => Number(value.GetValue<string>()),
        ToolParameterKind.Number => value?.GetValueKind() switch
        {
            JsonValueKind.Number => value.DeepClone(),
            null => null,
            _ => throw Misfit("a number"),
        },
        ToolParameterKind.Any => value?.DeepClone(),
        _ => value is null ? null : Text(value),
    };

    private static JsonNode Text(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String ? value.DeepClone() : JsonValue.Create(value.ToJsonString());

    private static bool IsTrue(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => value.ToJsonString().Any(digit => digit is >= '1' and <= '9'),
        JsonValueKind.String => value.GetValue<string>().ToUpperInvariant() is not ("FALSE" or "NO" or "N" or "0" or ""),
        _ => false,
    };

    private JsonNode? Number(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Misfit("a number");
    }

    private ToolException Misfit(string wanted) => ToolException.BadParameter($"The tool parameter {Name} has to be {wanted}.");
}

/// <summary>Types of tool parameters.</summary>
public enum ToolParameterKind
{
    Text,
    Number,
    Boolean,
    Select,
    Secret,

    /// <summary>Passed on as it is.</summary>
    Any,
}
