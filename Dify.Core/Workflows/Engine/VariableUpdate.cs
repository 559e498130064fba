using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine;

/// <summary>
/// A variable that a node writes besides its own outputs, such as a conversation variable. The engine stores it in the
/// pool together with the outputs, also when the node failed after the write.
/// </summary>
/// <param name="Selector">Two parts: <c>conversation</c> or a node id, and a name.</param>
public sealed record VariableUpdate(IReadOnlyList<string> Selector, JsonNode? Value);
