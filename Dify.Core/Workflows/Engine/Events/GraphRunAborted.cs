using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>Stopped by a person or by a limit; <paramref name="Outputs"/> are what had come until then.</summary>
public sealed record GraphRunAborted(string Reason, JsonObject Outputs) : GraphEvent;
