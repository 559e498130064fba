using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Loop;

/// <summary>A variable that lives through the rounds of a loop.</summary>
/// <param name="TypeName">Dify's name of the type of a constant.</param>
/// <param name="Source"><c>constant</c> or <c>variable</c>.</param>
internal sealed record LoopVariable(string Label, string TypeName, string Source, JsonNode? Given)
{
    /// <summary>The value before the first round, with the type that assignments inside go by.</summary>
    /// <exception cref="NodeFailedException">There is no such value, or it does not have the type.</exception>
    public (VariableType Type, JsonNode? Value) Begin(VariablePool variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        switch (Source)
        {
            case "variable":
                var selector = Given is JsonArray parts ? NodeData.Strings(parts) : [];
                return variables.TryGet(selector, out var value)
                    ? (variables.TypeOf(selector), value)
                    : throw new NodeFailedException($"Invalid value for loop variable {Label}");
            case "constant":
                return Constant();
            default:
                throw new NodeFailedException($"Invalid value type '{Source}' for loop variable {Label}");
        }
    }

    private (VariableType, JsonNode?) Constant()
    {
        var isList = TypeName.StartsWith("array[", StringComparison.Ordinal);
        if (isList && IsEmpty(Given))
        {
            return (VariableTypes.Declared(TypeName, null), new JsonArray());
        }

        if (!isList && Fits(VariableTypes.Of(Given)))
        {
            return (VariableTypes.Of(Given), Given?.DeepClone());
        }

        var value = Parse();
        var type = value is JsonArray { Count: 0 } && isList ? VariableTypes.Declared(TypeName, null) : VariableTypes.Of(value);
        return Fits(type) ? (type, value) : throw Mismatch(type);
    }

    private bool Fits(VariableType type) => TypeName switch
    {
        "string" or "secret" => type == VariableType.String,
        "number" => type is VariableType.Integer or VariableType.Float,
        "integer" => type == VariableType.Integer,
        "float" => type == VariableType.Float,
        _ => type.ToWire() == TypeName,
    };

    /// <summary>Constants that are no texts are often given as JSON in a text.</summary>
    private JsonNode? Parse()
    {
        if (Given is not JsonValue text || text.GetValueKind() != JsonValueKind.String)
        {
            return Given?.DeepClone();
        }

        try
        {
            return JsonNode.Parse(text.ToString());
        }
        catch (JsonException)
        {
            throw Mismatch(VariableType.String);
        }
    }

    private static bool IsEmpty(JsonNode? given) =>
        given is null || (given is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.ToString().Length == 0);

    private NodeFailedException Mismatch(VariableType actual) => new(
        $"Type mismatch: loop variable {Label} expects {TypeName}, but got {actual.ToWire()}");
}
