using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Runs;

/// <summary>Finds out which variable is meant when somebody tries a node and names only the end of a reference.</summary>
internal sealed class NodeReferences
{
    private readonly NodeDefinition _node;
    private readonly Dictionary<string, string[]> _byName = new(StringComparer.Ordinal);

    public NodeReferences(NodeDefinition node)
    {
        _node = node;
        Read(node.Data, "");
        foreach (var declared in NodeData.List(node.Data, "variables")?.OfType<JsonObject>() ?? [])
        {
            if (NodeData.Text(declared, "variable") is { } name && NodeData.Selector(declared, "value_selector") is { Length: >= 2 } selector)
            {
                _byName[name] = selector;
            }
        }
    }

    /// <summary>Two parts. What names nothing that the node refers to is its own, as the inputs of a start node are.</summary>
    public string[] SelectorOf(string key)
    {
        var name = key.Trim().TrimStart('{').TrimEnd('}').Trim('#');
        if (_byName.TryGetValue(name, out var declared))
        {
            return declared[..2];
        }

        var parts = name.Split('.', 2);
        if (parts.Length == 2 && parts[0] == _node.Id && _byName.TryGetValue(parts[1], out var own))
        {
            return own[..2];
        }

        return parts.Length == 2 && parts[0].Length > 0 && parts[1].Length > 0 ? parts : [_node.Id, name];
    }

    private void Read(JsonNode? value, string key)
    {
        switch (value)
        {
            case JsonObject map:
                foreach (var (name, inner) in map)
                {
                    Read(inner, name);
                }

                break;
            case JsonArray list when key.EndsWith("selector", StringComparison.Ordinal) && list.Count >= 2 && list.All(part => part is JsonValue):
                Keep(NodeData.Strings(list));
                break;
            case JsonArray list:
                foreach (var inner in list)
                {
                    Read(inner, key);
                }

                break;
            case JsonValue text when text.TryGetValue<string>(out var template):
                foreach (var segment in ReferenceTemplate.Parse(template).Segments)
                {
                    if (segment.Selector is { Count: >= 2 } selector)
                    {
                        Keep([.. selector]);
                    }
                }

                break;
        }
    }

    private void Keep(string[] selector) => _byName.TryAdd(selector[^1], selector);
}
