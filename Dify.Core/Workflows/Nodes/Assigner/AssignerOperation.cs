using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Assigner;

/// <summary>What can be done to a variable, by its declared type.</summary>
internal static class AssignerOperation
{
    private const string Nothing = "";

    /// <exception cref="NodeFailedException">The operation does not go with the type, the kind of input or the value.</exception>
    public static void Check(string operation, VariableType type, bool isConstant)
    {
        if (!IsSupported(operation, type))
        {
            throw new NodeFailedException($"Operation {operation} is not supported for type {type.ToWire()}", Nothing);
        }

        var fits = isConstant
            ? operation is "over-write" or "set" ? !IsList(type) : IsArithmetic(operation)
            : operation is not "set" && !IsArithmetic(operation);
        if (!fits || (isConstant && type is VariableType.File))
        {
            throw new NodeFailedException(
                $"Input type {(isConstant ? "constant" : "variable")} is not supported for operation {operation}", Nothing);
        }
    }

    /// <summary>Whether the operation works without an input.</summary>
    public static bool NeedsNoInput(string operation) => operation is "clear" or "remove-first" or "remove-last";

    /// <exception cref="NodeFailedException">The input does not have the type that the operation needs.</exception>
    public static JsonNode? Apply(string operation, VariableType type, JsonNode? before, JsonNode? input)
    {
        if (operation == "set" && type == VariableType.Object && IsText(input))
        {
            input = ParseObject(input!);
        }

        if (!NeedsNoInput(operation) && !IsValid(operation, type, input))
        {
            throw Invalid(input);
        }

        return operation switch
        {
            "over-write" or "set" => input?.DeepClone(),
            "clear" => Zero(type),
            "append" => new JsonArray([.. Items(before), input?.DeepClone()]),
            "extend" => new JsonArray([.. Items(before), .. Items(input)]),
            "remove-first" => new JsonArray([.. Items(before).Skip(1)]),
            "remove-last" => new JsonArray([.. Items(before).SkipLast(1)]),
            _ => Calculate(operation, before, input),
        };
    }

    /// <summary>The empty value of a type.</summary>
    public static JsonNode? Zero(VariableType type) => type switch
    {
        VariableType.String => JsonValue.Create(""),
        VariableType.Integer => JsonValue.Create(0),
        VariableType.Float => PythonText.FloatNode(0),
        VariableType.Boolean => JsonValue.Create(false),
        VariableType.Object => new JsonObject(),
        _ when IsList(type) => new JsonArray(),
        _ => throw new NodeFailedException($"unsupported variable type: {type.ToWire()}"),
    };

    public static bool IsList(VariableType type) => type is VariableType.StringArray or VariableType.NumberArray
        or VariableType.BooleanArray or VariableType.ObjectArray or VariableType.FileArray or VariableType.AnyArray;

    private static bool IsSupported(string operation, VariableType type) => operation switch
    {
        "over-write" or "clear" => true,
        "set" => type is VariableType.String or VariableType.Integer or VariableType.Float or VariableType.Boolean or VariableType.Object,
        "append" or "extend" or "remove-first" or "remove-last" => IsList(type) && type != VariableType.FileArray,
        _ => IsArithmetic(operation) && IsNumber(type),
    };

    private static bool IsArithmetic(string operation) => operation is "+=" or "-=" or "*=" or "/=";

    private static bool IsNumber(VariableType type) => type is VariableType.Integer or VariableType.Float;

    private static bool IsValid(string operation, VariableType type, JsonNode? input)
    {
        switch (type)
        {
            case VariableType.String:
                return IsText(input);
            case VariableType.Boolean:
                return IsBoolean(input);
            case VariableType.Integer or VariableType.Float:
                return IsNumeric(input) && !(operation == "/=" && AsDouble(input!) == 0);
            case VariableType.Object:
                return input is JsonObject;
            default:
                return operation == "append"
                    ? IsItem(type, input)
                    : input is JsonArray list && list.All(item => IsItem(type, item));
        }
    }

    private static bool IsItem(VariableType list, JsonNode? item) => list switch
    {
        VariableType.StringArray => IsText(item),
        VariableType.NumberArray => IsNumeric(item),
        VariableType.BooleanArray => IsBoolean(item),
        VariableType.ObjectArray => item is JsonObject,
        VariableType.FileArray => FileValues.IsFile(item),
        VariableType.AnyArray => item is JsonObject || IsText(item) || IsNumeric(item),
        _ => false,
    };

    private static bool IsText(JsonNode? value) => value is JsonValue && value.GetValueKind() == JsonValueKind.String;

    private static bool IsBoolean(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    /// <summary>As in Python, a boolean is a number.</summary>
    private static bool IsNumeric(JsonNode? value) =>
        IsBoolean(value) || (value is JsonValue && value.GetValueKind() == JsonValueKind.Number);

    private static JsonNode? ParseObject(JsonNode input)
    {
        try
        {
            return JsonNode.Parse(input.ToString());
        }
        catch (JsonException)
        {
            throw Invalid(input);
        }
    }

    private static IEnumerable<JsonNode?> Items(JsonNode? list) =>
        (list as JsonArray ?? []).Select(item => item?.DeepClone());

    private static JsonValue Calculate(string operation, JsonNode? before, JsonNode? input)
    {
        if (!IsNumeric(before))
        {
            throw new NodeFailedException($"The variable is no number: {PythonText.Str(before)}", Nothing);
        }

        if (operation != "/=" && IsWhole(before!, out var left) && IsWhole(input!, out var right))
        {
            var whole = operation switch { "+=" => left + right, "-=" => left - right, _ => left * right };
            return whole >= long.MinValue && whole <= long.MaxValue
                ? JsonValue.Create((long)whole)
                : (JsonValue)JsonNode.Parse(whole.ToString(CultureInfo.InvariantCulture))!;
        }

        var (a, b) = (AsDouble(before!), AsDouble(input!));
        var number = operation switch { "+=" => a + b, "-=" => a - b, "*=" => a * b, _ => a / b };
        return double.IsFinite(number) ? PythonText.FloatNode(number) : throw Invalid(input);
    }

    private static bool IsWhole(JsonNode value, out BigInteger whole)
    {
        whole = value.GetValueKind() == JsonValueKind.True ? 1 : 0;
        return IsBoolean(value)
            || (VariableTypes.IsInteger((JsonValue)value)
                && BigInteger.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole));
    }

    private static double AsDouble(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => PythonText.AsDouble((JsonValue)value),
    };

    private static NodeFailedException Invalid(JsonNode? input) =>
        new($"Invalid input value {PythonText.Str(input)}", Nothing);
}
