using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Drafts;

/// <summary>What may be an environment or a conversation variable, in Dify's words where it refuses.</summary>
internal static class WorkflowVariableRules
{
    /// <summary>UTF-8 bytes of a value.</summary>
    private const int LargestValue = 200 * 1024;

    private const int MostVariables = 1000;
    private const int LongestName = 255;
    private const int LongestDescription = 255;

    /// <returns>The same with one variable for each name: at the place of the first, with the content of the last.</returns>
    public static IReadOnlyList<WorkflowVariable> CheckEnvironment(IReadOnlyList<WorkflowVariable> variables) =>
        Check(variables, static type => type is "string" or "number" or "integer" or "float" or WorkflowVariable.Secret);

    /// <inheritdoc cref="CheckEnvironment"/>
    public static IReadOnlyList<WorkflowVariable> CheckConversation(IReadOnlyList<WorkflowVariable> variables)
    {
        foreach (var variable in variables)
        {
            if (variable.Description.Length > LongestDescription)
            {
                throw DifyException.Invalid(
                    $"The description of the conversation variable '{variable.Name}' is longer than {LongestDescription} characters.");
            }
        }

        return Check(variables, static type => type is "string" or "number" or "integer" or "float" or "boolean" or "object"
            or "array[string]" or "array[number]" or "array[object]" or "array[boolean]");
    }

    private static List<WorkflowVariable> Check(IReadOnlyList<WorkflowVariable> variables, Func<string, bool> isSupported)
    {
        if (variables.Count > MostVariables)
        {
            throw DifyException.Invalid($"A workflow has at most {MostVariables} variables of a kind.");
        }

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var kept = new List<WorkflowVariable>(variables.Count);
        foreach (var variable in variables)
        {
            CheckOne(variable, isSupported);
            if (places.TryAdd(variable.Name, kept.Count))
            {
                kept.Add(variable);
            }
            else
            {
                kept[places[variable.Name]] = variable;
            }
        }

        return kept;
    }

    private static void CheckOne(WorkflowVariable variable, Func<string, bool> isSupported)
    {
        if (string.IsNullOrEmpty(variable.Name))
        {
            throw DifyException.Invalid("missing name");
        }

        if (variable.Name.Length > LongestName || variable.Id.Length > LongestName)
        {
            throw DifyException.Invalid($"The name of a variable is longer than {LongestName} characters.");
        }

        if (string.IsNullOrEmpty(variable.ValueType))
        {
            throw DifyException.Invalid("missing value type");
        }

        if (!isSupported(variable.ValueType))
        {
            throw DifyException.Invalid($"not supported value type {Shorten(variable.ValueType)}");
        }

        var value = variable.Value ?? throw DifyException.Invalid("missing value");
        if (!Fits(variable.ValueType, value))
        {
            var kind = variable.ValueType is "integer" or "float" ? "number" : variable.ValueType;
            throw DifyException.Invalid(variable.IsSecret
                ? $"invalid secret value for '{variable.Name}'"
                : $"invalid {kind} value {Shorten(value.ToString())}");
        }

        var size = Encoding.UTF8.GetByteCount(
            value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(JsonDefaults.Wire));
        if (size > LargestValue)
        {
            throw DifyException.Invalid($"variable size {size} exceeds limit {LargestValue}");
        }
    }

    private static bool Fits(string type, JsonNode value) => (type, value.GetValueKind()) switch
    {
        ("string" or WorkflowVariable.Secret, JsonValueKind.String) => true,
        ("number" or "integer" or "float", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("object", JsonValueKind.Object) => true,
        ("array[string]", JsonValueKind.Array) => All(value, JsonValueKind.String),
        ("array[number]", JsonValueKind.Array) => All(value, JsonValueKind.Number),
        ("array[object]", JsonValueKind.Array) => All(value, JsonValueKind.Object),
        ("array[boolean]", JsonValueKind.Array) => value.AsArray().All(item => item?.GetValueKind() is JsonValueKind.True or JsonValueKind.False),
        _ => false,
    };

    private static bool All(JsonNode list, JsonValueKind kind) => list.AsArray().All(item => item?.GetValueKind() == kind);

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
