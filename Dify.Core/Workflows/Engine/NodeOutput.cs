using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Engine;

/// <summary>What a working node gives: pieces of text, found passages, events, and at last its result or a pause.</summary>
public readonly struct NodeOutput
{
    private static readonly object WaitsInside = new();

    private readonly object? _payload;

    private NodeOutput(string? name, string? text, bool isFinal, object? payload)
    {
        Name = name;
        Text = text;
        IsFinal = isFinal;
        _payload = payload;
    }

    /// <summary>The output that <see cref="Text"/> is a piece of; null unless this is a piece.</summary>
    public string? Name { get; }

    /// <summary>A piece of the output <see cref="Name"/>, or of the model's reasoning when there is no name.</summary>
    public string? Text { get; }

    /// <summary>No further piece of this output follows.</summary>
    public bool IsFinal { get; }

    public NodeResult? Result => _payload as NodeResult;

    public IReadOnlyList<JsonObject>? Resources => _payload as IReadOnlyList<JsonObject>;

    /// <summary>An event of the node's own.</summary>
    public GraphEvent? Event => _payload as GraphEvent;

    /// <summary>Set when the node waits for something outside of the run.</summary>
    public JsonObject? PauseReason => _payload as JsonObject;

    /// <summary>The node waits, for the reason given or for nodes inside it.</summary>
    internal bool IsPause => _payload is JsonObject || _payload == WaitsInside;

    /// <summary>Outputs of answer and end nodes inside a loop, which are outputs of the run.</summary>
    internal RunOutputs? OutputsInside => _payload as RunOutputs;

    public static NodeOutput Piece(string name, string text, bool isFinal = false) => new(name, text, isFinal, null);

    /// <summary>A piece of what a model thinks before it answers; it is shown and not part of any output's stream.</summary>
    public static NodeOutput Reasoning(string text, bool isFinal = false) => new(null, text, isFinal, null);

    public static NodeOutput Found(IReadOnlyList<JsonObject> resources) => new(null, null, false, resources);

    /// <summary>Passes on an event.</summary>
    public static NodeOutput Happened(GraphEvent happened) => new(null, null, false, happened);

    /// <summary>
    /// Instead of a result: the run ends as paused and the node is run anew when the run is resumed.
    /// </summary>
    /// <param name="reason">For those who can end the pause.</param>
    public static NodeOutput Pause(JsonObject reason) => new(null, null, false, reason);

    /// <summary>Ends a container as paused, whose nodes inside have said why.</summary>
    internal static NodeOutput PauseInside() => new(null, null, false, WaitsInside);

    internal static NodeOutput Merge(JsonObject outputs) => new(null, null, false, new RunOutputs(outputs));

    public static NodeOutput End(NodeResult result) => new(null, null, false, result);
}

/// <summary>Outputs of the run that a container brings.</summary>
internal sealed record RunOutputs(JsonObject Values);
