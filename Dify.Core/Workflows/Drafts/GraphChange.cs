using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Drafts;

/// <summary>One small step of an editor on a draft's graph.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Id">The node or edge; empty for the viewport.</param>
/// <param name="Value">
/// The whole node or edge to add; the fields to merge into a node's <c>data</c> (null removes a field); <c>{x, y}</c>
/// for a move; <c>{x, y, zoom}</c> for the viewport; null for removals.
/// </param>
public sealed record GraphChange(GraphChangeKind Kind, string Id, JsonObject? Value = null);
