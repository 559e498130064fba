using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Forms;

/// <summary>What a form shows, with all references resolved but those to its own fields.</summary>
public sealed record FormDefinition
{
    /// <summary>Markdown; see <see cref="FormContent"/>.</summary>
    public string Content { get; init; } = "";

    /// <summary>As the node has them, with resolved options.</summary>
    public JsonArray Inputs { get; init; } = [];

    /// <summary><c>[{id, title, button_style}]</c>.</summary>
    public JsonArray Actions { get; init; } = [];

    /// <summary>Texts that fields begin with, by name.</summary>
    public JsonObject Defaults { get; init; } = [];

    /// <summary>Whether those who run the app see the form; else only those who got it by mail.</summary>
    public bool IsShown { get; init; }

    public IReadOnlyList<FormField> Fields => [.. Inputs.OfType<JsonObject>().Select(FormField.Read).Where(input => input.Name.Length > 0)];

    public static FormDefinition Read(string json)
    {
        var stored = JsonNode.Parse(json)!.AsObject();
        return new FormDefinition
        {
            Content = NodeData.Text(stored, "form_content") ?? "",
            Inputs = NodeData.List(stored, "inputs") ?? [],
            Actions = NodeData.List(stored, "actions") ?? [],
            Defaults = NodeData.Object(stored, "resolved_default_values") ?? [],
            IsShown = NodeData.Flag(stored, "display_in_ui"),
        };
    }

    /// <summary>The title of an action; null when there is no such action.</summary>
    public string? FindActionTitle(string? id) => Actions.OfType<JsonObject>()
        .Where(action => id is { Length: > 0 } && NodeData.Text(action, "id") == id)
        .Select(action => NodeData.Text(action, "title") ?? id).FirstOrDefault();

    public string Write() => ToJson().ToJsonString(JsonDefaults.Wire);

    internal JsonObject ToJson() => new()
    {
        ["form_content"] = Content,
        ["inputs"] = Inputs.DeepClone(),
        ["actions"] = Actions.DeepClone(),
        ["resolved_default_values"] = Defaults.DeepClone(),
        ["display_in_ui"] = IsShown,
    };
}
