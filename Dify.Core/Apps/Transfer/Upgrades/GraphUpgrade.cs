using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>
/// Brings a graph of any age to the present shape. Old shapes are told by what is there, never by the version of the file:
/// a re-export stamps the newest version on an old graph. A graph of the present shape comes out as it went in.
/// </summary>
internal static class GraphUpgrade
{
    /// <summary>The steps in order, each with the code under which the report speaks of it; it returns how often it did something.</summary>
    private static readonly (string Code, Func<FileGraph, int> Apply)[] Steps =
    [
        ("text_ids", TextIds.Apply),
        ("envelopes", Envelopes.Apply),
        ("container_starts", ContainerStarts.Apply),
        ("container_defaults", ContainerDefaults.Apply),
        ("if_else_cases", IfElseCases.Apply),
        ("model_providers", ModelProviders.Apply),
        ("http_retry", HttpRetry.Apply),
        ("tool_configurations", ToolConfigurations.Apply),
        ("edge_types", EdgeTypes.Apply),
        ("cyclic_edges", CyclicEdges.Apply),
    ];

    /// <returns>The upgraded copy, and what was done.</returns>
    /// <exception cref="DifyException"><c>invalid_param</c>: this is no graph.</exception>
    public static (JsonObject Graph, IReadOnlyList<ReportedChange> Changes) Apply(JsonObject graph)
    {
        var copy = FileGraph.Copy(graph);
        var changes = new List<ReportedChange>();
        foreach (var (code, apply) in Steps)
        {
            if (apply(copy) is > 0 and var count)
            {
                changes.Add(new ReportedChange(code, count));
            }
        }

        return (copy.Json, changes);
    }
}
