using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Runs;

/// <summary>The variables that a run begins with, and what else it needs to begin again.</summary>
/// <param name="Kind">Whose run it is, see <see cref="IRunContinuation"/>.</param>
internal sealed record RunBeginning(string Kind, JsonObject Inputs, JsonObject System)
{
    public JsonObject Conversation { get; init; } = [];

    /// <summary>Who started it, as <c>workflow_finished</c> tells.</summary>
    public JsonObject CreatedBy { get; init; } = [];

    public static string KindOf(string beginning) =>
        StoredJson.Read(beginning)["kind"] is JsonValue kind && kind.TryGetValue<string>(out var text) ? text : "";

    public static RunBeginning Read(string beginning)
    {
        var stored = StoredJson.Read(beginning);
        return new RunBeginning(stored["kind"]?.ToString() ?? "", Part(stored, "inputs"), Part(stored, "system"))
        {
            Conversation = Part(stored, "conversation"),
            CreatedBy = Part(stored, "created_by"),
        };
    }

    public string Write() => StoredJson.WriteWhole(
        new JsonObject
        {
            ["kind"] = Kind,
            ["inputs"] = Inputs.DeepClone(),
            ["system"] = System.DeepClone(),
            ["conversation"] = Conversation.DeepClone(),
            ["created_by"] = CreatedBy.DeepClone(),
        },
        null, out _);

    /// <summary>What the log and <c>workflow_started</c> show as inputs.</summary>
    public JsonObject ShownInputs()
    {
        var shown = Inputs.DeepClone().AsObject();
        foreach (var (name, value) in System)
        {
            shown[$"{VariablePool.System}.{name}"] = value?.DeepClone();
        }

        return shown;
    }

    /// <param name="conversation">The declarations of <see cref="Conversation"/>, whose types assignments go by.</param>
    public VariablePool CreateVariables(
        GraphDefinition graph, IReadOnlyList<WorkflowVariable> environment, IReadOnlyList<WorkflowVariable>? conversation = null)
    {
        var variables = new VariablePool();
        variables.SetAll(graph.Root.Id, Inputs.DeepClone().AsObject());
        variables.SetAll(VariablePool.System, System.DeepClone().AsObject());
        variables.SetAll(VariablePool.Conversation, Conversation.DeepClone().AsObject());
        foreach (var declared in conversation ?? [])
        {
            var value = Conversation[declared.Name]?.DeepClone();
            variables.Declare(VariablePool.Conversation, declared.Name, VariableTypes.Declared(declared.ValueType, value), value);
        }

        SetEnvironment(variables, environment);
        return variables;
    }

    public static void SetEnvironment(VariablePool variables, IReadOnlyList<WorkflowVariable> environment)
    {
        foreach (var variable in environment)
        {
            if (variable.IsSecret)
            {
                variables.SetSecret(variable.Name, variable.Value?.ToString() ?? "");
            }
            else
            {
                variables.Set(VariablePool.Environment, variable.Name, variable.Value?.DeepClone());
            }
        }
    }

    private static JsonObject Part(JsonObject stored, string name) => stored[name]?.DeepClone() as JsonObject ?? [];
}
