using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The run ended well; with <paramref name="ExceptionsCount"/> above 0 it is <c>partial-succeeded</c>.</summary>
public sealed record GraphRunSucceeded(JsonObject Outputs, int ExceptionsCount) : GraphEvent;
