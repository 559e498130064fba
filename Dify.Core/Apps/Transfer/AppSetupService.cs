using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;

namespace Dify.Core.Apps.Transfer;

/// <summary>Fills in what an imported app needs: other models, knowledge of this workspace, values of secrets. Drafts only.</summary>
public sealed class AppSetupService(AppService apps, WorkflowDraftService drafts)
{
    private const int LargestSecret = 64 * 1024;

    /// <summary>Asks another model wherever the app asks the given one.</summary>
    /// <exception cref="DifyException">409 when somebody else changes the draft at the same time.</exception>
    public async Task ReplaceModelAsync(
        Actor actor, Guid appId, string provider, string name, ModelReference by, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(by);
        var app = await apps.GetAsync(actor, appId, cancellationToken);
        if (!app.Mode.HasWorkflow())
        {
            if (app.Draft.Model is { } model && model.Provider == provider && model.Name == name)
            {
                var changed = app.Draft with { Model = model with { Provider = by.Provider, Name = by.Name } };
                await apps.SaveDraftAsync(actor, appId, changed, app.DraftRevision, cancellationToken);
            }

            return;
        }

        await ChangeAsync(actor, appId, content =>
        {
            foreach (var data in Nodes(content.Graph))
            {
                Replace(data["model"], "name", provider, name, by);
                var retrieval = NodeData.Object(data, "multiple_retrieval_config") ?? [];
                Replace(retrieval["reranking_model"], "model", provider, name, by);
                var agent = NodeData.Object(data, "agent_parameters") ?? [];
                Replace(NodeData.Object(agent, "model")?["value"], "model", provider, name, by);
            }

            return content;
        }, cancellationToken);
    }

    /// <summary>Makes a step look into these knowledge bases.</summary>
    public Task ChooseKnowledgeAsync(
        Actor actor, Guid appId, string nodeId, IReadOnlyList<Guid> knowledgeIds, CancellationToken cancellationToken = default) =>
        ChangeAsync(actor, appId, content =>
        {
            var node = (content.Graph["nodes"] as JsonArray ?? []).OfType<JsonObject>()
                .FirstOrDefault(candidate => NodeData.Text(candidate, "id") == nodeId);
            if (node is null || NodeData.Object(node, "data") is not { } data || NodeData.Text(data, "type") != NodeTypes.KnowledgeRetrieval)
            {
                throw DifyException.NotFound("The step is not there any more.");
            }

            data["dataset_ids"] = new JsonArray([.. knowledgeIds.Select(id => (JsonNode)id.ToString())]);
            return content;
        }, cancellationToken);

    /// <summary>Gives a secret variable its value.</summary>
    public Task FillSecretAsync(
        Actor actor, Guid appId, string name, string value, CancellationToken cancellationToken = default)
    {
        if (value is not { Length: > 0 and <= LargestSecret })
        {
            throw DifyException.Invalid("Give the secret a value.");
        }

        return ChangeAsync(actor, appId, content => content with
        {
            EnvironmentVariables = [.. content.EnvironmentVariables.Select(v => v.IsSecret && v.Name == name ? v with { Value = value } : v)],
        }, cancellationToken);
    }

    private async Task ChangeAsync(
        Actor actor, Guid appId, Func<WorkflowContent, WorkflowContent> change, CancellationToken cancellationToken)
    {
        // Secrets come masked and go back masked, which keeps them.
        var draft = await drafts.GetAsync(actor, appId, cancellationToken);
        await drafts.SaveAsync(actor, appId, change(draft.Content), draft.Revision, cancellationToken: cancellationToken);
    }

    private static IEnumerable<JsonObject> Nodes(JsonObject graph) =>
        (graph["nodes"] as JsonArray ?? []).OfType<JsonObject>().Select(node => node["data"]).OfType<JsonObject>();

    private static void Replace(JsonNode? model, string nameKey, string provider, string name, ModelReference by)
    {
        if (model is JsonObject owner && NodeData.Text(owner, "provider") == provider && NodeData.Text(owner, nameKey) == name)
        {
            owner["provider"] = by.Provider;
            owner[nameKey] = by.Name;
        }
    }
}
