using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Definitions;

/// <summary>One node of a graph. It never changes, so one definition serves any number of runs at once.</summary>
public sealed class NodeDefinition
{
    private object? _settings;

    internal NodeDefinition(string id, int index, JsonObject data)
    {
        Id = id;
        Index = index;
        Data = data;
        Type = NodeData.Text(data, "type") ?? "";
        Title = NodeData.Text(data, "title") ?? "";
        Version = data["version"] is JsonValue version ? version.ToString() : "1";
        Strategy = NodeData.StrategyOf(data);
        Kind = Strategy == ErrorStrategy.FailBranch ? NodeKind.Branch : NodeTypes.KindOf(Type);
        Retry = NodeTypes.HonoursRetry(Type) ? NodeData.RetryOf(data) : RetryRule.Never;
        ContainerId = NodeData.Text(data, "iteration_id") ?? NodeData.Text(data, "loop_id");
    }

    public string Id { get; }

    /// <summary>Place in <see cref="GraphDefinition.Nodes"/>.</summary>
    public int Index { get; }

    public string Type { get; }

    public string Title { get; }

    public string Version { get; }

    public NodeKind Kind { get; }

    public ErrorStrategy Strategy { get; }

    public RetryRule Retry { get; }

    /// <summary>Whether the node runs a graph of its own; it may be a branch as well.</summary>
    public bool IsContainer => Type is NodeTypes.Iteration or NodeTypes.Loop;

    /// <summary>The iteration or loop around this node.</summary>
    public string? ContainerId { get; }

    /// <summary>The settings as in the file; read only.</summary>
    public JsonObject Data { get; }

    /// <summary>The settings in the node type's own form, made once for all runs.</summary>
    public T Settings<T>(Func<NodeDefinition, T> parse)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(parse);
        if (Volatile.Read(ref _settings) is T known)
        {
            return known;
        }

        var settings = parse(this);
        Volatile.Write(ref _settings, settings);
        return settings;
    }
}
