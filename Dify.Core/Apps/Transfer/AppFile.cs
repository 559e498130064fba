using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer;

/// <summary>An app file (Dify's DSL) that was read and found to be one. Nothing of it is lost or changed yet.</summary>
internal sealed record AppFile
{
    /// <summary>The whole document.</summary>
    public required JsonObject Root { get; init; }

    public required string Version { get; init; }

    /// <summary>What the version asks for; the import as a whole may still fail.</summary>
    public required ImportStatus Status { get; init; }

    public required AppMode Mode { get; init; }

    /// <summary>The card: name, icon, description.</summary>
    public required JsonObject Card { get; init; }

    /// <summary>The <c>workflow</c> or <c>model_config</c> object, whichever the mode has.</summary>
    public required JsonObject Body { get; init; }

    public bool HasWorkflow => Mode is AppMode.Workflow or AppMode.AdvancedChat;

    public JsonArray Dependencies => Root["dependencies"] as JsonArray ?? [];

    /// <summary>A text of the card; numbers count as text, as a name such as <c>2024</c> is one.</summary>
    public string? Text(string key) => Card[key] is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
        ? value.ToString()
        : null;
}
