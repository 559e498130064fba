using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Iteration;

/// <summary>The nodes inside an iteration for one item, on a copy of the pool.</summary>
internal sealed class ItemRun
{
    private readonly IterationSettings _settings;
    private readonly Dictionary<string, JsonNode?> _conversation;

    public ItemRun(NodeRun run, IterationSettings settings, int index, JsonNode? item)
    {
        _settings = settings;
        _conversation = run.Variables.ValuesUnder(VariablePool.Conversation).ToDictionary(StringComparer.Ordinal);
        var variables = run.Variables.Copy();
        variables.Set(run.Node.Id, "item", item);
        variables.Set(run.Node.Id, "index", JsonValue.Create(index));
        Index = index;
        Child = run.Children!.Create(settings.StartNodeId, variables, index);
    }

    public int Index { get; }

    public ChildRun Child { get; }

    public JsonNode? Result => Child.Variables.TryGet(_settings.Output, out var value) ? value : null;

    /// <summary>Conversation variables that the item has changed.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Changed => Child.Variables.ValuesUnder(VariablePool.Conversation)
        .Where(own => !_conversation.TryGetValue(own.Key, out var before) || !ReferenceEquals(before, own.Value));
}
