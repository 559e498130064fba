using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Definitions;

/// <summary>The substitute outputs of a node with the strategy <c>default-value</c>, in their declared types.</summary>
public static class DefaultValues
{
    /// <exception cref="FormatException">A value does not have its declared type.</exception>
    public static JsonObject Read(NodeDefinition node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var values = new JsonObject();
        foreach (var item in NodeData.List(node.Data, "default_value")?.OfType<JsonObject>() ?? [])
        {
            if (NodeData.Text(item, "key") is { Length: > 0 } key)
            {
                values[key] = Convert(key, NodeData.Text(item, "type") ?? "string", item["value"]);
            }
        }

        return values;
    }

    private static JsonNode? Convert(string key, string type, JsonNode? value)
    {
        if (value is not JsonValue scalar || scalar.GetValueKind() != JsonValueKind.String)
        {
            return value?.DeepClone();
        }

        var text = scalar.ToString();
        try
        {
            return type switch
            {
                "number" => PythonText.FloatNode(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
                "object" or "array[number]" or "array[string]" or "array[object]" or "array[any]" or "array[boolean]"
                    => JsonNode.Parse(text),
                _ => scalar.DeepClone(),
            };
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            throw new FormatException($"Invalid default value for '{key}': it is not of type {type}.", problem);
        }
    }
}
