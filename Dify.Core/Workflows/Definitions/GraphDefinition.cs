using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Definitions;

/// <summary>A checked graph of Dify's DSL: <c>{nodes: [{id, data: {type, …}}], edges: [{source, sourceHandle, target}]}</c>.</summary>
public sealed class GraphDefinition
{
    /// <exception cref="Common.DifyException"><c>invalid_param</c> with every issue found.</exception>
    public static GraphDefinition Parse(JsonObject graph) => throw new NotImplementedException();
}
