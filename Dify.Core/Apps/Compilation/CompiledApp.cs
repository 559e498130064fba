using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Apps.Compilation;

/// <summary>
/// A basic app as a graph. It depends on the configuration alone and never changes: compile once for each published
/// configuration, keep it, and run it any number of times side by side.
/// </summary>
public sealed class CompiledApp
{
    private readonly IReadOnlyList<CompiledInput> _inputs;

    internal CompiledApp(GraphDefinition graph, AppMode mode, IReadOnlyList<CompiledInput> inputs)
    {
        Graph = graph;
        Mode = mode;
        _inputs = inputs;
    }

    public GraphDefinition Graph { get; }

    public AppMode Mode { get; }

    /// <summary>The variables that a run starts with.</summary>
    /// <param name="inputs">Checked values of the form; what it does not name is not used.</param>
    /// <param name="query">The question; empty for a text generator.</param>
    /// <param name="files">File values that came with the question; null: none.</param>
    public VariablePool CreateVariables(JsonObject inputs, string query, JsonArray? files = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var variables = new VariablePool();
        foreach (var input in _inputs)
        {
            inputs.TryGetPropertyValue(input.Field.Input.Variable, out var value);
            variables.Set(Graph.Root.Id, input.Name, value ?? "");
        }

        variables.Set(VariablePool.System, "query", query);
        variables.Set(VariablePool.System, "files", files?.DeepClone() ?? new JsonArray());
        return variables;
    }
}
