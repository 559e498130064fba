using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer.Upgrades;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Apps.Transfer;

/// <summary>Environment and conversation variables of a file; one that breaks the rules fails the whole import.</summary>
internal static class FileVariables
{
    private const int LargestValue = 204_800;
    private const int LongestDescription = 255;
    private const int MostVariables = 1_000;

    private static readonly string[] Own = ["id", "name", "description", "value_type", "value", "selector"];

    /// <exception cref="DifyException"><c>invalid_param</c> in Dify's words.</exception>
    public static IReadOnlyList<WorkflowVariable> ReadEnvironment(JsonNode? list) => Read(list, (type, value) => type switch
    {
        "string" or WorkflowVariable.Secret => Text(value),
        "number" or "integer" or "float" => Number(value),
        _ => throw DifyException.Invalid($"not supported value type {type}"),
    });

    /// <exception cref="DifyException"><c>invalid_param</c> in Dify's words.</exception>
    public static IReadOnlyList<WorkflowVariable> ReadConversation(JsonNode? list) => Read(list, (type, value) => type switch
    {
        "string" or WorkflowVariable.Secret => Text(value),
        "number" or "integer" or "float" => Number(value),
        "boolean" => Of(value, type, JsonValueKind.True, JsonValueKind.False),
        "object" => Of(value, type, JsonValueKind.Object),
        "array[string]" => List(value, type, JsonValueKind.String),
        "array[number]" => List(value, type, JsonValueKind.Number),
        "array[object]" => List(value, type, JsonValueKind.Object),
        "array[boolean]" => List(value, type, JsonValueKind.True, JsonValueKind.False),
        _ => throw DifyException.Invalid($"not supported value type {type}"),
    });

    /// <summary>The variables as a file has them. Secrets are empty unless asked for.</summary>
    /// <param name="variables">Secrets in clear.</param>
    /// <param name="scope"><c>env</c> or <c>conversation</c>.</param>
    /// <param name="withSecrets">Whether values of secrets are written.</param>
    public static JsonArray Write(IEnumerable<WorkflowVariable> variables, string scope, bool withSecrets) =>
        new([.. variables.Select(variable =>
        {
            var json = new JsonObject
            {
                ["description"] = variable.Description,
                ["id"] = variable.Id,
                ["name"] = variable.Name,
                ["selector"] = new JsonArray(scope, variable.Name),
                ["value"] = variable.IsSecret && !withSecrets ? "" : variable.Value?.DeepClone(),
                ["value_type"] = variable.ValueType,
            };
            foreach (var (key, value) in variable.Other)
            {
                json.TryAdd(key, JsonNode.Parse(value.GetRawText()));
            }

            return (JsonNode)json;
        })]);

    private static List<WorkflowVariable> Read(JsonNode? list, Func<string, JsonNode, JsonNode> check)
    {
        if (list is not (null or JsonArray))
        {
            throw DifyException.Invalid("environment_variables and conversation_variables are lists.");
        }

        var byName = new Dictionary<string, int>(StringComparer.Ordinal);
        var variables = new List<WorkflowVariable>();
        foreach (var item in list as JsonArray ?? [])
        {
            var variable = ReadOne(item as JsonObject ?? throw DifyException.Invalid("missing name"), check);
            if (byName.TryAdd(variable.Name, variables.Count))
            {
                variables.Add(variable);
            }
            else
            {
                variables[byName[variable.Name]] = variable;
            }
        }

        return variables.Count <= MostVariables ? variables : throw DifyException.Invalid($"at most {MostVariables} variables");
    }

    private static WorkflowVariable ReadOne(JsonObject item, Func<string, JsonNode, JsonNode> check)
    {
        var name = item["name"] is { } given && given is JsonValue && !FileGraph.IsEmpty(given)
            ? given.ToString()
            : throw DifyException.Invalid("missing name");
        var type = NodeData.Text(item, "value_type") is { Length: > 0 } said ? said : throw DifyException.Invalid("missing value type");
        var value = check(type, item["value"] ?? throw DifyException.Invalid("missing value"));
        var size = value.GetValueKind() == JsonValueKind.String
            ? System.Text.Encoding.UTF8.GetByteCount(value.ToString())
            : System.Text.Encoding.UTF8.GetByteCount(value.ToJsonString(JsonDefaults.Wire));
        if (size > LargestValue)
        {
            throw DifyException.Invalid($"variable size {size} exceeds limit {LargestValue}");
        }

        var description = item["description"]?.ToString() ?? "";
        if (description.Length > LongestDescription)
        {
            throw DifyException.Invalid($"description of the variable '{name}' is longer than {LongestDescription} characters");
        }

        return new WorkflowVariable(
            item["id"] is JsonValue id && !FileGraph.IsEmpty(id) ? id.ToString() : Guid.CreateVersion7().ToString(),
            name, type, value.DeepClone(), description)
        {
            Other = item.Where(pair => !Own.Contains(pair.Key)).ToDictionary(
                pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value, JsonDefaults.Wire), StringComparer.Ordinal),
        };
    }

    /// <summary>An unquoted number or switch in a hand-written file is the text that it looks like.</summary>
    private static JsonNode Text(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToString(),
        _ => throw DifyException.Invalid("the value of a string variable is not a text"),
    };

    private static JsonNode Number(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => value,
        JsonValueKind.String when double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => Yaml.YamlScalars.Integer(value.ToString()) ?? Yaml.YamlScalars.Number(PythonText.Float(number)),
        _ => throw DifyException.Invalid($"invalid number value {PythonText.Str(value)}"),
    };

    private static JsonNode Of(JsonNode value, string type, params JsonValueKind[] kinds) =>
        kinds.Contains(value.GetValueKind()) ? value : throw DifyException.Invalid($"the value of a variable of type {type} has another type");

    private static JsonNode List(JsonNode value, string type, params JsonValueKind[] kinds) =>
        value is JsonArray list && list.All(item => item is not null && kinds.Contains(item.GetValueKind()))
            ? value
            : throw DifyException.Invalid($"the value of a variable of type {type} has another type");
}
