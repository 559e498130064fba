using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Catalog;

/// <summary>Collects what a node type tells of one node.</summary>
public sealed class NodeFacts
{
    private readonly List<NodeVariable> _outputs = [];
    private readonly List<NodeVariable> _inner = [];
    private readonly List<NodeReference> _references = [];
    private readonly List<NodeProblem> _problems = [];
    private readonly List<string> _handles = [];

    /// <summary>What later nodes can refer to.</summary>
    public IReadOnlyList<NodeVariable> Outputs => _outputs;

    /// <summary>What nodes inside this container can refer to under its id.</summary>
    public IReadOnlyList<NodeVariable> InnerVariables => _inner;

    public IReadOnlyList<NodeReference> References => _references;

    public IReadOnlyList<NodeProblem> Problems => _problems;

    /// <summary>Outgoing handles; <c>source</c> alone when the type tells none.</summary>
    public IReadOnlyList<string> Handles => _handles.Count == 0 ? ["source"] : _handles;

    /// <summary>Whether there may be further outputs, known only at run time.</summary>
    public bool HasOpenOutputs { get; private set; }

    public void Output(string? name, string type)
    {
        if (!string.IsNullOrEmpty(name))
        {
            _outputs.Add(new NodeVariable(name, type));
        }
    }

    public void OpenOutputs() => HasOpenOutputs = true;

    public void Inner(string? name, string type)
    {
        if (!string.IsNullOrEmpty(name))
        {
            _inner.Add(new NodeVariable(name, type));
        }
    }

    public void Handle(string? handle)
    {
        if (!string.IsNullOrEmpty(handle) && !_handles.Contains(handle))
        {
            _handles.Add(handle);
        }
    }

    /// <summary>A setting without which the node fails.</summary>
    public void Require(string field, bool isThere)
    {
        if (!isThere)
        {
            _problems.Add(new NodeProblem(field, IsError: true));
        }
    }

    /// <summary>A setting without which the node does little.</summary>
    public void Advise(string field, bool isThere)
    {
        if (!isThere)
        {
            _problems.Add(new NodeProblem(field, IsError: false));
        }
    }

    /// <summary>A text with <c>{{#node.name#}}</c> in it.</summary>
    public void Text(string field, string? text)
    {
        if (text?.Contains("{{#", StringComparison.Ordinal) == true)
        {
            _references.AddRange(ReferenceTemplate.Parse(text).References.Select(selector => new NodeReference(field, selector)));
        }
    }

    /// <summary>A selector that may be empty and may name what is not there.</summary>
    public void Select(string field, JsonNode? selector, params string[] types) => Add(field, selector, false, false, types);

    /// <summary>A selector without which the node fails.</summary>
    public void Need(string field, JsonNode? selector, params string[] types) => Add(field, selector, true, false, types);

    /// <summary>A selector that looks at what is inside of a container.</summary>
    public void SelectInner(string field, JsonNode? selector) => Add(field, selector, false, true, []);

    private void Add(string field, JsonNode? selector, bool isRequired, bool isInner, string[] types)
    {
        var parts = selector is JsonArray list ? NodeData.Strings(list) : [];
        if (parts.Length < 2 || parts.Any(string.IsNullOrEmpty))
        {
            if (isRequired)
            {
                Require(field, false);
            }

            return;
        }

        _references.Add(new NodeReference(field, parts) { IsRequired = isRequired, Types = types, IsInner = isInner });
    }
}
