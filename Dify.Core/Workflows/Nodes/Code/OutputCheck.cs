using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.Code;

/// <summary>Checks what <c>main</c> returned against the declared outputs, by Dify's rules and with its messages.</summary>
internal sealed class OutputCheck(CodeLimits limits)
{
    private readonly ScalarCheck _scalars = new(limits);

    /// <summary>The outputs of the node.</summary>
    /// <exception cref="NodeFailedException">A value is missing, too many, of another type, too large or too deep.</exception>
    public JsonObject Check(JsonObject result, IReadOnlyDictionary<string, CodeOutput> outputs) => CheckDeclared(result, outputs, "", 1);

    private JsonObject CheckObject(JsonObject value, IReadOnlyDictionary<string, CodeOutput>? children, string prefix, int depth)
    {
        if (children is not null)
        {
            return CheckDeclared(value, children, prefix, depth);
        }

        CheckUndeclared(value, prefix, depth);
        return (JsonObject)value.DeepClone();
    }

    private JsonObject CheckDeclared(JsonObject result, IReadOnlyDictionary<string, CodeOutput> outputs, string prefix, int depth)
    {
        CheckDepth(depth);
        var checkedValues = new JsonObject();
        foreach (var (name, output) in outputs)
        {
            var path = prefix.Length > 0 ? $"{prefix}.{name}" : name;
            if (!result.TryGetPropertyValue(name, out var value))
            {
                throw Wrong($"Output {path} is missing.");
            }

            checkedValues[name] = CheckValue(value, output, path, $"{prefix}.{name}", depth);
        }

        return outputs.Count == result.Count
            ? checkedValues
            : throw new NodeFailedException("Not all output parameters are validated.", "CodeNodeError");
    }

    private JsonNode? CheckValue(JsonNode? value, CodeOutput output, string path, string dottedPath, int depth)
    {
        switch (output.Type)
        {
            case "object":
                return value switch
                {
                    null => null,
                    JsonObject map => CheckObject(map, output.Children, dottedPath, depth + 1),
                    _ => throw Wrong($"Output {path} is not an object, got {PythonType.ClassOf(value)} instead."),
                };
            case "number":
                return _scalars.Number(value, path);
            case "string":
                return value is null || PythonType.NameOf(value) == "str"
                    ? _scalars.Text(value, path)
                    : throw Wrong($"Output {path} must be a string, got {PythonType.NameOf(value)} instead");
            case "boolean":
                return value?.DeepClone();
            case "array[number]" or "array[string]" or "array[object]" or "array[boolean]":
                return value switch
                {
                    null => null,
                    JsonArray list => CheckList(list, output, path, depth),
                    _ => throw Wrong($"Output {path} is not an array, got {PythonType.ClassOf(value)} instead."),
                };
            default:
                throw Wrong($"Output type {output.Type} is not supported.");
        }
    }

    private JsonArray CheckList(JsonArray list, CodeOutput output, string path, int depth)
    {
        var longest = output.Type switch
        {
            "array[number]" => limits.MaxNumberArrayLength,
            "array[string]" => limits.MaxStringArrayLength,
            "array[object]" => limits.MaxObjectArrayLength,
            _ => int.MaxValue,
        };
        if (list.Count > longest)
        {
            throw Wrong($"The length of output variable `{path}` must be less than {longest} elements.");
        }

        if (output.Type == "array[object]" && list.Select((item, index) => (item, index)).FirstOrDefault(pair => pair.item is not (null or JsonObject)) is { item: { } odd } found)
        {
            throw Wrong($"Output {path}[{found.index}] is not an object, got {PythonType.ClassOf(odd)} instead at index {found.index}.");
        }

        return new JsonArray([.. list.Select((item, index) => CheckItem(item, index, output, path, depth))]);
    }

    private JsonNode? CheckItem(JsonNode? item, int index, CodeOutput output, string path, int depth) => output.Type switch
    {
        "array[number]" => PythonType.IsNumber(item)
            ? _scalars.Number(item, $"{path}[{index}]")
            : throw Wrong($"The element at index {index} of output variable `{path}` must be a number."),
        "array[string]" => _scalars.Text(item, $"{path}[{index}]"),
        "array[object]" => item is JsonObject map ? CheckObject(map, output.Children, $"{path}[{index}]", depth + 1) : null,
        _ => item is null || PythonType.NameOf(item) == "bool"
            ? item?.DeepClone()
            : throw Wrong($"Output {path}[{index}] is not a boolean, got {PythonType.ClassOf(item)} instead."),
    };

    private void CheckUndeclared(JsonObject value, string prefix, int depth)
    {
        CheckDepth(depth);
        foreach (var (name, item) in value)
        {
            var path = prefix.Length > 0 ? $"{prefix}.{name}" : name;
            switch (PythonType.NameOf(item))
            {
                case "dict":
                    CheckUndeclared((JsonObject)item!, path, depth + 1);
                    break;
                case "int" or "float":
                    _scalars.Number(item, path);
                    break;
                case "str":
                    _scalars.Text(item, path);
                    break;
                case "list":
                    CheckUndeclaredList((JsonArray)item!, path, $"{prefix}.{name}", depth);
                    break;
            }
        }
    }

    // What the first element is, all others must be; a list that starts with null is not looked at.
    private void CheckUndeclaredList(JsonArray list, string path, string dottedPath, int depth)
    {
        if (list.Count == 0 || list[0] is not { } first)
        {
            return;
        }

        var type = PythonType.NameOf(first);
        var isNumber = PythonType.IsNumber(first);
        if (!list.All(item => item is null || (isNumber ? PythonType.IsNumber(item) : PythonType.NameOf(item) == type)))
        {
            throw Wrong($"Output {dottedPath} is not a valid array. make sure all elements are of the same type.");
        }

        for (var i = 0; i < list.Count; i++)
        {
            var place = $"{path}[{i}]";
            switch (list[i])
            {
                case JsonObject map:
                    CheckUndeclared(map, place, depth + 1);
                    break;
                case JsonArray:
                    CheckDepth(depth + 1);
                    throw ScalarCheck.Unsupported("AttributeError", "'list' object has no attribute 'items'");
                case { } scalar when isNumber:
                    _scalars.Number(scalar, place);
                    break;
                case { } scalar:
                    _scalars.Text(scalar, place);
                    break;
            }
        }
    }

    private void CheckDepth(int depth)
    {
        if (depth > limits.MaxDepth)
        {
            throw new NodeFailedException($"Depth limit {limits.MaxDepth} reached, object too deep.", "DepthLimitError");
        }
    }

    private static NodeFailedException Wrong(string message) => ScalarCheck.Wrong(message);
}
