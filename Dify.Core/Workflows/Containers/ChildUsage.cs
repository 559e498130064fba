using System.Globalization;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Containers;

/// <summary>Adds up what the nodes inside a container cost.</summary>
internal sealed class ChildUsage
{
    private long _tokens;
    private decimal _price;
    private string _currency = "USD";

    public void Add(GraphEvent happened)
    {
        // A container inside has the sum of its own nodes, which come by here as well.
        var result = happened switch
        {
            NodeRunSucceeded { NodeType: not (Definitions.NodeTypes.Iteration or Definitions.NodeTypes.Loop) } ended => ended.Result,
            NodeRunException { NodeType: not (Definitions.NodeTypes.Iteration or Definitions.NodeTypes.Loop) } ended => ended.Result,
            _ => null,
        };
        if (result is null || result.Metadata.Count == 0)
        {
            return;
        }

        if (result.Metadata["total_tokens"] is JsonValue tokens && tokens.TryGetValue<int>(out var count))
        {
            _tokens += count;
        }

        if (decimal.TryParse(result.Metadata["total_price"]?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var price))
        {
            _price += price;
            _currency = result.Metadata["currency"]?.ToString() ?? _currency;
        }
    }

    /// <summary>Sets <c>total_tokens</c>, <c>total_price</c> and <c>currency</c>.</summary>
    public JsonObject WriteTo(JsonObject metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        metadata["total_tokens"] = _tokens;
        metadata["total_price"] = _price;
        metadata["currency"] = _currency;
        return metadata;
    }
}
