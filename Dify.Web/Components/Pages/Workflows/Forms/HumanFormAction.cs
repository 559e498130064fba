using System.Text.Json.Nodes;
using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>A button that answers a form.</summary>
internal sealed record HumanFormAction(string Id, string Title, Variant Variant, Color Color)
{
    public static IReadOnlyList<HumanFormAction> Read(JsonArray actions) =>
        [.. actions.OfType<JsonObject>().Where(action => TextOf(action, "id").Length > 0).Select(Read)];

    private static HumanFormAction Read(JsonObject action)
    {
        var id = TextOf(action, "id");
        var (variant, colour) = TextOf(action, "button_style") switch
        {
            "primary" => (Variant.Filled, Color.Primary),
            "accent" => (Variant.Filled, Color.Secondary),
            "ghost" => (Variant.Text, Color.Default),
            _ => (Variant.Outlined, Color.Default),
        };
        return new HumanFormAction(id, TextOf(action, "title") is { Length: > 0 } title ? title : id, variant, colour);
    }

    private static string TextOf(JsonObject action, string name) =>
        action[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
