using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Models;
using Dify.Core.Models.Providers;
using Dify.Core.Storage;
using Dify.Core.Tools;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Apps.Transfer;

/// <summary>Compares what an app refers to with what this workspace has.</summary>
internal sealed class ImportReporter(
    IDbContextFactory<DifyDbContext> contexts, WorkflowDraftService drafts, ModelCatalog catalog, ProviderRegistry providers, ToolCatalog toolCatalog,
    INodeFactory nodes)
{
    public async Task<ImportReport> ReportAsync(Actor actor, App app, CancellationToken cancellationToken)
    {
        if (!app.Mode.HasWorkflow())
        {
            var config = JsonSerializer.SerializeToNode(app.Draft, JsonDefaults.Wire)!.AsObject();
            var basic = await ReportAsync(actor, app, ContentNeeds.OfModelConfig(config), cancellationToken);
            return basic with { ModeRuns = app.Mode is AppMode.Chat };
        }

        // Secrets come masked, so whether one is empty is asked of the content in clear.
        var content = await drafts.ReadAsync(actor, app.Id, null, cancellationToken);
        var needs = ContentNeeds.OfGraph(content.Graph);
        var report = await ReportAsync(actor, app, needs, cancellationToken);
        return report with
        {
            Nodes = [.. needs.NodeTypes.Select(type => new ReportedNodes(type.Key, type.Value, Runs(type.Key)))
                .OrderBy(type => type.Runs).ThenBy(type => type.Type, StringComparer.Ordinal)],
            Secrets = [.. content.EnvironmentVariables.Where(v => v.IsSecret && v.Value?.ToString() is null or "").Select(v => v.Name)],
        };
    }

    private async Task<ImportReport> ReportAsync(Actor actor, App app, ContentNeeds needs, CancellationToken cancellationToken)
    {
        var models = new List<ReportedModel>();
        foreach (var ((type, provider, name), titles) in needs.Models)
        {
            models.Add(new ReportedModel(provider, name, type, await StateAsync(actor, type, provider, name, cancellationToken), titles));
        }

        var tools = new List<ReportedTool>();
        foreach (var ((type, provider, name), titles) in needs.Tools)
        {
            tools.Add(new ReportedTool(type, provider, name, await StateOfToolAsync(actor, type, provider, name, cancellationToken), titles));
        }

        var toolProviders = await toolCatalog.ListAsync(actor, cancellationToken);
        return new ImportReport
        {
            Models = models,
            Tools = tools,
            Knowledge = await MissingKnowledgeAsync(actor, needs, cancellationToken),
            Plugins = [.. Plugins(app).Select(plugin => new ReportedPlugin(plugin, IsCovered(plugin, toolProviders)))],
        };
    }

    /// <summary>Plugins on the list of the app's file that nothing here stands in for, as the file has them.</summary>
    public async Task<IReadOnlyList<JsonNode>> MissingDependenciesAsync(Actor actor, App app, CancellationToken cancellationToken)
    {
        var toolProviders = await toolCatalog.ListAsync(actor, cancellationToken);
        return [.. Dependencies(app).Where(entry => PluginIds.OfDependency(entry) is { } plugin && !IsCovered(plugin, toolProviders))
            .OfType<JsonNode>().Select(entry => entry.DeepClone())];
    }

    private static JsonArray Dependencies(App app) => app.FileExtras?["file"]?["dependencies"] as JsonArray ?? [];

    private static IEnumerable<string> Plugins(App app) => Dependencies(app).Select(PluginIds.OfDependency).OfType<string>().Distinct();

    private bool Runs(string type) => NodeTypes.IsContainerStart(type) || nodes.Find(type, "1") is not null || nodes.Find(type, "2") is not null;

    private bool IsCovered(string plugin, IReadOnlyList<ToolProvider> toolProviders) =>
        providers.Find(ModelReference.Parse(plugin, "").Provider) is not null
        || toolProviders.Any(provider => plugin[(plugin.LastIndexOf('/') + 1)..] == provider.Id);

    private async Task<ReportedState> StateOfToolAsync(
        Actor actor, string type, string provider, string name, CancellationToken cancellationToken) =>
        await toolCatalog.DescribeAsync(actor.WorkspaceId, ToolReference.Parse(type, provider, name), cancellationToken) is null
            ? ReportedState.NotAvailable
            : ReportedState.Ready;

    private async Task<ReportedState> StateAsync(Actor actor, string type, string provider, string name, CancellationToken cancellationToken)
    {
        var model = ModelReference.Parse(provider, name);
        ModelType? kind = type switch { "llm" => ModelType.Llm, "text-embedding" => ModelType.TextEmbedding, "rerank" => ModelType.Rerank, _ => null };
        if (kind is null || providers.Find(model.Provider) is null)
        {
            return ReportedState.NotAvailable;
        }

        if (await catalog.FindAsync(actor.WorkspaceId, kind.Value, model, cancellationToken) is not null)
        {
            return ReportedState.Ready;
        }

        var known = await catalog.ListAsync(actor.WorkspaceId, kind.Value, cancellationToken);
        return known.Any(other => other.Reference.Provider == model.Provider) ? ReportedState.Unknown : ReportedState.NotSetUp;
    }

    private async Task<IReadOnlyList<ReportedKnowledge>> MissingKnowledgeAsync(
        Actor actor, ContentNeeds needs, CancellationToken cancellationToken)
    {
        var named = needs.Knowledge.SelectMany(place => place.Ids).Select(id => Guid.TryParse(id, out var known) ? known : Guid.Empty).Distinct().ToList();
        if (named.Count == 0)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.KnowledgeBases.Where(k => k.WorkspaceId == actor.WorkspaceId && named.Contains(k.Id))
            .Select(k => k.Id).ToListAsync(cancellationToken);
        return [.. needs.Knowledge
            .Select(place => new ReportedKnowledge(
                place.NodeId, place.Title, place.Ids.Count(id => !Guid.TryParse(id, out var known) || !found.Contains(known))))
            .Where(place => place.Count > 0)];
    }
}
