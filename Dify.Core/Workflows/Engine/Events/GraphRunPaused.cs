using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The run waits; running it again with its journal goes on.</summary>
/// <param name="Reasons">Of every node that waits, in the order in which they said so.</param>
/// <param name="Outputs">What has come until now.</param>
public sealed record GraphRunPaused(IReadOnlyList<JsonObject> Reasons, JsonObject Outputs) : GraphEvent;
