using System.Collections.Frozen;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes;

/// <summary>The node types of the product.</summary>
internal sealed class NodeFactory(IEnumerable<NodeRegistration> registrations) : INodeFactory
{
    private readonly FrozenDictionary<string, INode> _nodes =
        registrations.ToFrozenDictionary(registration => registration.Type, registration => registration.Node);

    public INode? Find(string type, string version) => _nodes.GetValueOrDefault(type);
}

/// <summary>A node type and its code.</summary>
internal sealed record NodeRegistration(string Type, INode Node);
