using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Conditions;

/// <summary>Decides lists of conditions.</summary>
internal static class ConditionEvaluator
{
    /// <summary>Stops at the first condition that settles the matter.</summary>
    /// <param name="isAnd">All of them, else any.</param>
    /// <param name="log">Gets what was compared.</param>
    /// <exception cref="NodeFailedException">A variable is missing, or a value has the wrong type.</exception>
    public static (bool Holds, IReadOnlyList<bool> Results) Evaluate(
        IReadOnlyList<Condition> conditions, bool isAnd, VariablePool variables, JsonArray log)
    {
        var results = new List<bool>(conditions.Count);
        foreach (var condition in conditions)
        {
            results.Add(Evaluate(condition, variables, log));
            if (results[^1] != isAnd)
            {
                break;
            }
        }

        return (isAnd ? results.TrueForAll(static result => result) : results.Contains(true), results);
    }

    private static bool Evaluate(Condition condition, VariablePool variables, JsonArray log)
    {
        if (!variables.TryGet(condition.Selector, out var actual))
        {
            var selector = new JsonArray([.. condition.Selector.Select(part => (JsonNode)part)]);
            throw new NodeFailedException($"Variable {PythonText.Repr(selector)} not found", "ValueError");
        }

        var type = VariableTypes.Of(actual);
        if (type == VariableType.FileArray && condition.Operator is "contains" or "not contains" or "all of")
        {
            return EvaluateFiles((JsonArray)actual!, condition);
        }

        if (condition.Operator is "exists" or "not exists")
        {
            return Comparison.Holds(actual, condition.Operator, null);
        }

        var expected = condition.Expected;
        if (Comparison.IsText(expected, out var text))
        {
            expected = ReferenceTemplate.Parse(text).Render(variables);
        }

        log.Add(new JsonObject
        {
            ["actual_value"] = actual?.DeepClone(),
            ["expected_value"] = expected?.DeepClone(),
            ["comparison_operator"] = condition.Operator,
        });
        if (type is VariableType.Boolean or VariableType.BooleanArray && expected is not null)
        {
            expected = expected is JsonArray list
                ? new JsonArray([.. list.Select(item => (JsonNode)ToBoolean(item))])
                : ToBoolean(expected);
        }

        return Comparison.Holds(actual, condition.Operator, expected);
    }

    private static bool EvaluateFiles(JsonArray files, Condition condition)
    {
        if (condition.Sub is not { } sub)
        {
            throw new NodeFailedException("Sub variable is required", "ValueError");
        }

        var results = sub.Conditions.Select(each => HoldsForFiles(files, each));
        return sub.IsAnd ? results.All(static result => result) : results.Any(static result => result);
    }

    private static bool HoldsForFiles(JsonArray files, FileCondition condition)
    {
        bool Holds(JsonNode? file)
        {
            _ = FileValues.TryWalk((JsonObject)file!, condition.Key, out var actual);
            var expected = condition.Expected;
            if (condition.Key == "extension" && Comparison.IsText(expected, out var extension))
            {
                actual = Dotted(actual?.ToString() ?? "");
                expected = Dotted(extension);
            }

            return Comparison.Holds(actual, condition.Operator, expected);
        }

        return condition.Operator.Contains("not", StringComparison.Ordinal) ? files.All(Holds) : files.Any(Holds);
    }

    private static string Dotted(string extension) => extension.StartsWith('.') ? extension : "." + extension;

    /// <summary>A literal, a number, or a text that is JSON of one of them.</summary>
    private static bool ToBoolean(JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.Number when VariableTypes.IsInteger((JsonValue)value):
                return PythonText.AsDouble((JsonValue)value) != 0;
            case JsonValueKind.String:
                return ParseBoolean(value.ToString());
            default:
                throw new NodeFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"unexpected value: {PythonText.Str(value)}"), "TypeError");
        }
    }

    private static bool ParseBoolean(string text)
    {
        JsonNode? loaded;
        try
        {
            loaded = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new NodeFailedException("Expecting value: line 1 column 1 (char 0)", "JSONDecodeError");
        }

        return loaded is JsonValue value && value.GetValueKind() is not JsonValueKind.String
            && (value.GetValueKind() is not JsonValueKind.Number || VariableTypes.IsInteger(value))
                ? ToBoolean(value)
                : throw new NodeFailedException($"unexpected value: type=<class 'str'>, value={text}", "TypeError");
    }
}
