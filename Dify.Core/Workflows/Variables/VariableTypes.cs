using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Variables;

/// <summary>Tells the type of a value.</summary>
internal static class VariableTypes
{
    public static VariableType Of(JsonNode? value) => value switch
    {
        null => VariableType.None,
        JsonArray list => OfList(list),
        JsonObject map => FileValues.IsFile(map) ? VariableType.File : VariableType.Object,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => VariableType.String,
            JsonValueKind.True or JsonValueKind.False => VariableType.Boolean,
            JsonValueKind.Number => IsInteger(scalar) ? VariableType.Integer : VariableType.Float,
            _ => VariableType.None,
        },
        _ => VariableType.None,
    };

    /// <summary>Dify's name of the type.</summary>
    public static string ToWire(this VariableType type) => type switch
    {
        VariableType.None => "none",
        VariableType.String => "string",
        VariableType.Integer => "integer",
        VariableType.Float => "float",
        VariableType.Boolean => "boolean",
        VariableType.Object => "object",
        VariableType.File => "file",
        VariableType.StringArray => "array[string]",
        VariableType.NumberArray => "array[number]",
        VariableType.BooleanArray => "array[boolean]",
        VariableType.ObjectArray => "array[object]",
        VariableType.FileArray => "array[file]",
        VariableType.AnyArray => "array[any]",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The type of a declaration: <c>number</c> is whole or not by its value, and unknown names go by the value.</summary>
    public static VariableType Declared(string name, JsonNode? value) => name switch
    {
        "string" or "secret" => VariableType.String,
        "number" => Of(value) == VariableType.Integer ? VariableType.Integer : VariableType.Float,
        "integer" => VariableType.Integer,
        "float" => VariableType.Float,
        "boolean" => VariableType.Boolean,
        "object" => VariableType.Object,
        "file" => VariableType.File,
        "array[string]" => VariableType.StringArray,
        "array[number]" => VariableType.NumberArray,
        "array[boolean]" => VariableType.BooleanArray,
        "array[object]" => VariableType.ObjectArray,
        "array[file]" => VariableType.FileArray,
        "array[any]" => VariableType.AnyArray,
        _ => Of(value),
    };

    /// <summary>Whether a number was written without fraction and exponent; <c>1.0</c> is no integer.</summary>
    internal static bool IsInteger(JsonValue number)
    {
        if (number.TryGetValue<JsonElement>(out var element))
        {
            return element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        }

        // JsonValue.Create keeps the CLR type, and each type is only readable as itself.
        return number.TryGetValue<int>(out _) || number.TryGetValue<long>(out _)
            || number.TryGetValue<uint>(out _) || number.TryGetValue<ulong>(out _)
            || number.TryGetValue<short>(out _) || number.TryGetValue<byte>(out _);
    }

    private static VariableType OfList(JsonArray list)
    {
        VariableType? common = null;
        foreach (var item in list)
        {
            var array = Of(item) switch
            {
                VariableType.String => VariableType.StringArray,
                VariableType.Integer or VariableType.Float => VariableType.NumberArray,
                VariableType.Boolean => VariableType.BooleanArray,
                VariableType.Object => VariableType.ObjectArray,
                VariableType.File => VariableType.FileArray,
                _ => VariableType.AnyArray,
            };
            if (array == VariableType.AnyArray || (common is not null && common != array))
            {
                return VariableType.AnyArray;
            }

            common = array;
        }

        return common ?? VariableType.AnyArray;
    }
}
