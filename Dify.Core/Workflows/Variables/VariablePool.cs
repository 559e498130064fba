using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Variables;

/// <summary>The values of a run by (node id, name); <c>sys</c>, <c>env</c> and <c>conversation</c> are reserved node ids.</summary>
public sealed class VariablePool
{
    public void Set(string nodeId, string name, JsonNode? value) => throw new NotImplementedException();

    /// <summary>Two parts name a value; further ones walk into objects and file attributes. Unknown: null and false.</summary>
    public bool TryGet(IReadOnlyList<string> selector, out JsonNode? value) => throw new NotImplementedException();
}
