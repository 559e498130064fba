using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Apps;

/// <summary>Checks a draft against the workspace: its model can be called, its knowledge can be seen.</summary>
internal sealed class AppPublishing(IDbContextFactory<DifyDbContext> contexts, ModelRuntime models)
{
    /// <exception cref="DifyException">
    /// <c>invalid_param</c> that names the setting, or the model's own code (<c>provider_not_initialize</c>, …).
    /// </exception>
    public async Task CheckAsync(Actor actor, App app, AppModelConfig draft, CancellationToken cancellationToken)
    {
        ModelConfigRules.CheckComplete(draft);
        await CheckKnowledgeAsync(app, actor.AccountId, draft, cancellationToken);
        var model = draft.Model is { } chosen ? ModelReference.Parse(chosen.Provider, chosen.Name) : null;
        await models.GetChatModelAsync(actor.WorkspaceId, model, cancellationToken);
    }

    /// <summary>The same without asking for the model, which the run itself will find out.</summary>
    public Task CheckPreviewAsync(App app, Guid? accountId, AppModelConfig draft, CancellationToken cancellationToken)
    {
        ModelConfigRules.CheckComplete(draft);
        return CheckKnowledgeAsync(app, accountId, draft, cancellationToken);
    }

    private async Task CheckKnowledgeAsync(
        App app, Guid? accountId, AppModelConfig draft, CancellationToken cancellationToken)
    {
        var added = KnowledgeOf(draft).Except(KnowledgeOf(app.Published)).ToList();
        if (added.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.KnowledgeBases
            .Where(k => k.WorkspaceId == app.WorkspaceId && added.Contains(k.Id))
            .Where(k => k.Permission != KnowledgePermission.OnlyMe || k.CreatedBy == accountId)
            .CountAsync(cancellationToken);
        if (found != added.Count)
        {
            throw DifyException.Invalid(
                "dataset_configs.datasets: a knowledge base does not exist or is not shared with you. Remove it and choose again.");
        }
    }

    private static IEnumerable<Guid> KnowledgeOf(AppModelConfig? config) =>
        (config?.DatasetConfigs?.Datasets.Datasets ?? []).Select(entry => Guid.Parse(entry.Dataset.Id)).Distinct();
}
