using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;

namespace Dify.Core.Apps.Transfer;

/// <summary>Makes the file of an app as Dify's export has it.</summary>
internal static class AppFileWriter
{
    private const string PlaceholderIcon = "🤖";

    /// <param name="app">The app; its card and what its own file said beyond it.</param>
    /// <param name="content">For apps with a workflow, secrets in clear; else null.</param>
    /// <param name="withSecrets">Whether values of secret variables are written.</param>
    /// <param name="disguise">What an id of a knowledge base becomes.</param>
    public static JsonObject Write(App app, WorkflowContent? content, bool withSecrets, Func<string, string> disguise)
    {
        var body = content is null
            ? BasicConfig.Write(app.Draft, app.FileExtras?["model_config"] as JsonObject)
            : Workflow(app, content, withSecrets, disguise);
        var file = new JsonObject
        {
            ["app"] = Card(app),
            ["dependencies"] = Dependencies(app, content is null ? PluginIds.OfModelConfig(body) : PluginIds.OfGraph(content.Graph)),
            ["kind"] = "app",
            [content is null ? "model_config" : "workflow"] = body,
            ["version"] = DslVersion.Current,
        };
        FileExtras.Restore(app.FileExtras, "file", file);
        return file;
    }

    private static JsonObject Card(App app)
    {
        var picture = app.Icon == PlaceholderIcon ? app.FileExtras?["icon"] as JsonObject : null;
        var card = new JsonObject
        {
            ["description"] = app.Description,
            ["icon"] = picture?["icon"]?.DeepClone() ?? app.Icon,
            ["icon_background"] = app.IconBackground,
            ["icon_type"] = picture?["icon_type"]?.DeepClone() ?? "emoji",
            ["mode"] = app.Mode.ToWire(),
            ["name"] = app.Name,
        };
        FileExtras.Restore(app.FileExtras, "app", card);
        card.TryAdd("use_icon_as_answer_icon", false);
        return card;
    }

    private static JsonObject Workflow(App app, WorkflowContent content, bool withSecrets, Func<string, string> disguise)
    {
        var graph = (JsonObject)content.Graph.DeepClone();
        DatasetIds.Change(graph, disguise);
        foreach (var data in (graph["nodes"] as JsonArray ?? []).OfType<JsonObject>().Select(node => node["data"]).OfType<JsonObject>())
        {
            Strip(data);
        }

        var workflow = new JsonObject
        {
            ["conversation_variables"] = FileVariables.Write(content.ConversationVariables, "conversation", withSecrets),
            ["environment_variables"] = FileVariables.Write(content.EnvironmentVariables, "env", withSecrets),
            ["features"] = content.Features.DeepClone(),
            ["graph"] = graph,
        };
        FileExtras.Restore(app.FileExtras, "workflow", workflow);
        workflow.TryAdd("rag_pipeline_variables", new JsonArray());
        return workflow;
    }

    /// <summary>Takes out what belongs to this installation: credentials, addresses, subscriptions.</summary>
    private static void Strip(JsonObject data)
    {
        switch (NodeData.Text(data, "type"))
        {
            case "tool":
                data.Remove("credential_id");
                break;
            case "agent":
                foreach (var tool in PluginIds.AgentTools(data))
                {
                    tool.Remove("credential_id");
                }

                break;
            case "trigger-webhook":
                data["webhook_url"] = "";
                data["webhook_debug_url"] = "";
                break;
            case "trigger-plugin":
                data["subscription_id"] = "";
                break;
            case "trigger-schedule" when data["config"] is JsonObject:
                data["config"] = new JsonObject
                {
                    ["mode"] = "visual",
                    ["frequency"] = "daily",
                    ["timezone"] = "UTC",
                    ["visual_config"] = new JsonObject
                    {
                        ["time"] = "12:00 AM",
                        ["on_minute"] = 0,
                        ["weekdays"] = new JsonArray("sun"),
                        ["monthly_days"] = new JsonArray(1),
                    },
                };
                break;
        }
    }

    /// <summary>What the app's own file named, as far as the app still needs it: only there the versions are known.</summary>
    private static JsonArray Dependencies(App app, HashSet<string> needed) =>
        new([.. (app.FileExtras?["file"]?["dependencies"] as JsonArray ?? [])
            .Where(entry => PluginIds.OfDependency(entry) is not { } plugin || needed.Contains(plugin))
            .Select(entry => entry?.DeepClone())]);
}
