using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>A person has answered the form that the node waited for.</summary>
public sealed record NodeRunHumanInputFormFilled : NodeEvent
{
    /// <summary>The form's text with the answers in their places.</summary>
    public required string RenderedContent { get; init; }

    public required string ActionId { get; init; }

    public required string ActionText { get; init; }

    /// <summary>What was filled in, by field.</summary>
    public JsonObject SubmittedData { get; init; } = [];
}
