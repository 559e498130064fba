using System.Collections;
using Dify.Core.Workflows.Catalog;

namespace Dify.Core.Workflows.Drafts.Checking;

/// <summary>Whether what nodes refer to exists, comes before them and has a type that they can use.</summary>
internal sealed class ReferenceCheck
{
    private readonly CheckedGraph _graph;
    private readonly IssueList _issues;
    private readonly BitArray[]? _ancestors;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IReadOnlyDictionary<string, string> _conversation;

    public ReferenceCheck(CheckedGraph graph, WorkflowContent content, IssueList issues)
    {
        _graph = graph;
        _issues = issues;
        _ancestors = graph.Order is null ? null : graph.ReadAncestors();
        _environment = TypesOf(content.EnvironmentVariables);
        _conversation = TypesOf(content.ConversationVariables);
    }

    public void Run()
    {
        foreach (var node in _graph.Nodes.Where(node => node.IsReachable))
        {
            foreach (var reference in node.Facts.References)
            {
                Check(node, reference);
            }
        }
    }

    private void Check(CheckedNode node, NodeReference reference)
    {
        var (scope, name) = (reference.Selector[0], reference.Selector[1]);
        var global = scope switch
        {
            "sys" => SystemVariables.All,
            "env" => _environment,
            "conversation" => _conversation,
            _ => null,
        };
        if (global is not null)
        {
            if (global.TryGetValue(name, out var known))
            {
                CheckType(node, reference, known);
            }
            else
            {
                Unknown(node, reference);
            }

            return;
        }

        if (_graph.Find(scope) is not { } source)
        {
            Unknown(node, reference);
            return;
        }

        var visible = Visible(node, source, reference.IsInner, out var fromInside);
        if (!visible)
        {
            _issues.Add(node, "not_upstream", reference.IsRequired, reference.Field, Describe(reference, source));
            return;
        }

        var variables = fromInside ? source.Facts.InnerVariables : source.Facts.Outputs;
        var variable = variables.FirstOrDefault(variable => variable.Name == name);
        if (variable is not null)
        {
            CheckType(node, reference, variable.Type);
        }
        else if (fromInside || !source.Facts.HasOpenOutputs)
        {
            Unknown(node, reference, source);
        }
    }

    /// <param name="fromInside">Whether <paramref name="source"/> is a container around the node, which shows its inner variables.</param>
    private bool Visible(CheckedNode node, CheckedNode source, bool isInner, out bool fromInside)
    {
        fromInside = false;
        if (isInner)
        {
            fromInside = source == node;
            return source == node || source.Container == node || Visible(node, source, isInner: false, out fromInside);
        }

        for (var place = node; place is not null; place = place.Container)
        {
            if (place.Container == source)
            {
                fromInside = true;
                return true;
            }

            // Without an order nobody can say what comes before what; the cycle is told already.
            if (_ancestors is null || _ancestors[place.Index][source.Index])
            {
                return true;
            }
        }

        return false;
    }

    private void CheckType(CheckedNode node, NodeReference reference, string type)
    {
        if (reference.Types.Count == 0 || reference.Selector.Count > 2 || type == "any")
        {
            return;
        }

        var fits = reference.Types.Any(wanted =>
            wanted == type || (wanted == "array" && (type == "array" || type.StartsWith("array[", StringComparison.Ordinal)))
            || (wanted.StartsWith("array[", StringComparison.Ordinal) && type is "array" or "array[any]"));
        if (!fits)
        {
            _issues.Add(
                node, "wrong_type", reference.IsRequired, reference.Field, Describe(reference, _graph.Find(reference.Selector[0])), type,
                string.Join(" / ", reference.Types));
        }
    }

    private void Unknown(CheckedNode node, NodeReference reference, CheckedNode? source = null) =>
        _issues.Add(node, "unknown_reference", reference.IsRequired, reference.Field, Describe(reference, source));

    /// <summary>With the title of the node instead of its id, which nobody knows.</summary>
    private static string Describe(NodeReference reference, CheckedNode? source) => source is null
        ? reference.ToString()
        : string.Join('.', reference.Selector.Skip(1).Prepend(source.Title));

    private static Dictionary<string, string> TypesOf(IReadOnlyList<WorkflowVariable> variables)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            types[variable.Name] = variable.ValueType switch
            {
                "integer" or "float" => "number",
                WorkflowVariable.Secret => "string",
                var type => type,
            };
        }

        return types;
    }
}
