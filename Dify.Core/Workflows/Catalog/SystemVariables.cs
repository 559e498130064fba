namespace Dify.Core.Workflows.Catalog;

/// <summary>What every run knows under <c>sys</c>, with its type.</summary>
public static class SystemVariables
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["query"] = "string",
        ["files"] = "array[file]",
        ["conversation_id"] = "string",
        ["dialogue_count"] = "number",
        ["user_id"] = "string",
        ["app_id"] = "string",
        ["workflow_id"] = "string",
        ["workflow_run_id"] = "string",
        ["timestamp"] = "number",
    };
}
