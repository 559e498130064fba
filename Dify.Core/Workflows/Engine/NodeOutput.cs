using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine;

/// <summary>What a working node gives: pieces of text, found passages, and at last its result.</summary>
public readonly struct NodeOutput
{
    private NodeOutput(string? name, string? text, bool isFinal, NodeResult? result, IReadOnlyList<JsonObject>? resources)
    {
        Name = name;
        Text = text;
        IsFinal = isFinal;
        Result = result;
        Resources = resources;
    }

    /// <summary>The output that <see cref="Text"/> is a piece of; null unless this is a piece.</summary>
    public string? Name { get; }

    public string? Text { get; }

    /// <summary>No further piece of this output follows.</summary>
    public bool IsFinal { get; }

    public NodeResult? Result { get; }

    public IReadOnlyList<JsonObject>? Resources { get; }

    public static NodeOutput Piece(string name, string text, bool isFinal = false) => new(name, text, isFinal, null, null);

    public static NodeOutput Found(IReadOnlyList<JsonObject> resources) => new(null, null, false, null, resources);

    public static NodeOutput End(NodeResult result) => new(null, null, false, result, null);
}
