using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Lists of variables in the words of the DSL: <c>[{id, name, value_type, value, description, selector}]</c>.</summary>
public static class WorkflowVariableJson
{
    private static readonly string[] Own = ["description", "id", "name", "selector", "value", "value_type"];

    /// <param name="list">As a file, the editor or a row gives it; null: none. What is no object is an error.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> in Dify's words: <c>missing name</c>, <c>missing value type</c>, <c>missing value</c>.</exception>
    public static IReadOnlyList<WorkflowVariable> Read(JsonArray? list)
    {
        var variables = new List<WorkflowVariable>(list?.Count ?? 0);
        foreach (var item in list ?? [])
        {
            var fields = item as JsonObject ?? throw DifyException.Invalid("A variable is an object with name, value_type and value.");
            var name = Text(fields, "name") is { Length: > 0 } given ? given : throw DifyException.Invalid("missing name");
            var type = Text(fields, "value_type") is { Length: > 0 } kind ? kind : throw DifyException.Invalid("missing value type");
            var value = fields["value"] ?? throw DifyException.Invalid("missing value");
            var id = Text(fields, "id") is { Length: > 0 } known ? known : Guid.CreateVersion7().ToString();
            variables.Add(new WorkflowVariable(id, name, type, value.DeepClone(), Text(fields, "description") ?? "")
            {
                Other = fields.Where(pair => !Own.Contains(pair.Key)).ToDictionary(
                    pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value, JsonDefaults.Wire), StringComparer.Ordinal),
            });
        }

        return variables;
    }

    /// <param name="scope">First part of the selector, <c>env</c> or <c>conversation</c>.</param>
    public static JsonArray Write(IEnumerable<WorkflowVariable> variables, string scope) =>
        new([.. variables.Select(variable =>
        {
            var fields = new JsonObject
            {
                ["description"] = variable.Description,
                ["id"] = variable.Id,
                ["name"] = variable.Name,
                ["selector"] = new JsonArray(scope, variable.Name),
                ["value"] = variable.Value?.DeepClone(),
                ["value_type"] = variable.ValueType,
            };
            foreach (var (key, value) in variable.Other)
            {
                fields[key] = JsonNode.Parse(value.GetRawText());
            }

            return fields;
        })]);

    private static string? Text(JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
