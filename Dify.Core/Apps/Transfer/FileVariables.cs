using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer.Yaml;
using Dify.Core.Common;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Apps.Transfer;

/// <summary>
/// Variables of a file. What a hand-written file says without quotes counts as what its type asks for; every other rule
/// is the store's own, and one variable that breaks it fails the whole import.
/// </summary>
internal static class FileVariables
{
    /// <exception cref="DifyException"><c>invalid_param</c> in Dify's words.</exception>
    public static IReadOnlyList<WorkflowVariable> Read(JsonNode? list, string key) => list switch
    {
        null => [],
        JsonArray variables => WorkflowVariableJson.Read(new JsonArray([.. variables.Select(Ease)])),
        _ => throw DifyException.Invalid($"workflow.{key}: a list is expected."),
    };

    /// <summary>As a file has them; secrets are empty unless asked for.</summary>
    public static JsonArray Write(IEnumerable<WorkflowVariable> variables, string scope, bool withSecrets) =>
        WorkflowVariableJson.Write(variables.Select(v => v.IsSecret && !withSecrets ? v with { Value = "" } : v), scope);

    private static JsonNode? Ease(JsonNode? item)
    {
        if (item?.DeepClone() is not JsonObject variable)
        {
            return null;
        }

        foreach (var key in (string[])["id", "name"])
        {
            if (variable[key]?.GetValueKind() is JsonValueKind.Number)
            {
                variable[key] = variable[key]!.ToString();
            }
        }

        if (variable["value"] is JsonValue value)
        {
            variable["value"] = Ease(variable["value_type"]?.ToString(), value).DeepClone();
        }

        return variable;
    }

    private static JsonNode Ease(string? type, JsonValue value) => (type, value.GetValueKind()) switch
    {
        ("string" or WorkflowVariable.Secret, JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) => value.ToString(),
        ("number" or "integer" or "float", JsonValueKind.String)
            when double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            YamlScalars.Integer(value.ToString()) ?? YamlScalars.Number(PythonText.Float(number)),
        _ => value,
    };
}
