using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Code;

/// <summary>The Python type of a value, as messages name it.</summary>
internal static class PythonType
{
    public static string NameOf(JsonNode? value) => value switch
    {
        JsonObject => "dict",
        JsonArray => "list",
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => "str",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Number => VariableTypes.IsInteger(scalar) ? "int" : "float",
            _ => "NoneType",
        },
        _ => "NoneType",
    };

    public static string ClassOf(JsonNode? value) => $"<class '{NameOf(value)}'>";

    /// <summary>Booleans are numbers in Python.</summary>
    public static bool IsNumber(JsonNode? value) => NameOf(value) is "int" or "float" or "bool";
}
