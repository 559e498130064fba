using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.HumanInput;

/// <summary>Puts values into what a form shows; the form's own fields stay open.</summary>
internal sealed class FormText(VariablePool variables)
{
    private const int MostRecipients = 100;

    public string Render(string text) => ReferenceTemplate.Parse(text).Render(variables);

    /// <summary>The field with options that a variable gave.</summary>
    public JsonNode Resolve(JsonObject input)
    {
        var resolved = (JsonObject)input.DeepClone();
        if (NodeData.Text(input, "type") == "text_input")
        {
            resolved["type"] = "paragraph";
        }

        if (resolved["option_source"] is JsonObject source && NodeData.Text(source, "type") == "variable")
        {
            var options = variables.TryGet(NodeData.Selector(source, "selector"), out var value) && value is JsonArray list ? list : [];
            source["value"] = new JsonArray([.. options.Select(option => (JsonNode)VariableText.Render(option, RenderMode.Text))]);
        }

        return resolved;
    }

    /// <summary>What fields begin with, as texts.</summary>
    public JsonObject Defaults(IReadOnlyList<JsonObject> inputs)
    {
        var defaults = new JsonObject();
        foreach (var input in inputs)
        {
            if (NodeData.Text(input, "output_variable_name") is { Length: > 0 } name && NodeData.Object(input, "default") is { } start)
            {
                defaults[name] = NodeData.Text(start, "type") == "variable"
                    ? variables.TryGet(NodeData.Selector(start, "selector"), out var value) ? VariableText.Render(value, RenderMode.Text) : ""
                    : start["value"] is { } constant && constant.GetValueKind() == JsonValueKind.String ? constant.GetValue<string>() : "";
            }
        }

        return defaults;
    }

    public FormMail ToMail(JsonObject config)
    {
        var recipients = NodeData.Object(config, "recipients") ?? [];
        var items = CommonFacts.Objects(recipients, "items").Select(item => item.Item).Take(MostRecipients).ToList();
        return new FormMail(
            Render(NodeData.Text(config, "subject") ?? ""),
            Render(NodeData.Text(config, "body") ?? ""),
            [.. items.Where(item => NodeData.Text(item, "type") == "external").Select(item => NodeData.Text(item, "email")).OfType<string>()],
            [.. items.Where(item => NodeData.Text(item, "type") == "member")
                .Select(item => Guid.TryParse(NodeData.Text(item, "user_id"), out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)],
            NodeData.Flag(recipients, "whole_workspace"));
    }
}
