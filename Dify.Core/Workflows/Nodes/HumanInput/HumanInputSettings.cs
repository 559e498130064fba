using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.HumanInput;

/// <summary>The settings of one node.</summary>
internal sealed record HumanInputSettings(
    string Content, IReadOnlyList<JsonObject> Inputs, JsonArray Actions, bool IsShown, IReadOnlyList<JsonObject> Mails, TimeSpan OpenFor)
{
    private const double LongestHours = 24 * 3650;

    public static HumanInputSettings Read(NodeDefinition node)
    {
        var data = node.Data;
        var methods = CommonFacts.Objects(data, "delivery_methods")
            .Select(method => method.Item).Where(method => NodeData.Flag(method, "enabled", true)).ToList();
        var mails = methods.Where(method => NodeData.Text(method, "type") == "email")
            .Select(method => NodeData.Object(method, "config") ?? []).ToList();
        return new HumanInputSettings(
            NodeData.Text(data, "form_content") ?? "",
            [.. CommonFacts.Objects(data, "inputs").Select(input => input.Item)],
            new JsonArray([.. CommonFacts.Objects(data, "user_actions").Select(action => action.Item.DeepClone())]),
            mails.Count == 0 || methods.Exists(method => NodeData.Text(method, "type") == "webapp"),
            mails,
            ReadTimeout(data));
    }

    private static TimeSpan ReadTimeout(JsonObject data)
    {
        var amount = NodeData.Number(data, "timeout") is > 0 and var given ? given : 36;
        return TimeSpan.FromHours(Math.Min(NodeData.Text(data, "timeout_unit") == "day" ? amount * 24 : amount, LongestHours));
    }
}
