using System.Text.Json;
using Dify.Core.Common;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Providers;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Models.Credentials;

/// <summary>
/// Sets up the model providers of a workspace. Credentials are checked by a live call before they are stored, stored
/// sealed, and never given out again.
/// </summary>
public sealed class ProviderService
{
    private static readonly TimeSpan CheckPatience = TimeSpan.FromSeconds(30);

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly ProviderRegistry _registry;
    private readonly ProviderStore _store;
    private readonly SecretBox _secrets;
    private readonly TimeProvider _time;

    internal ProviderService(
        IDbContextFactory<DifyDbContext> contexts, ProviderRegistry registry, ProviderStore store, SecretBox secrets, TimeProvider time) =>
        (_contexts, _registry, _store, _secrets, _time) = (contexts, registry, store, secrets, time);

    /// <summary>All providers with their state. Members who may not manage models see no hints.</summary>
    public async Task<IReadOnlyList<ProviderState>> ListAsync(Actor actor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.EditApps);
        var workspace = await _store.GetAsync(actor.WorkspaceId, cancellationToken);
        var mayManage = actor.Can(Permission.ManageModels);
        return [.. _registry.All.Select(provider => State(provider, workspace.Providers.GetValueOrDefault(provider.Schema.Id), mayManage))];
    }

    /// <summary>Asks the provider whether the credentials work; stores nothing.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c> for the form, else the coded failure of the call.</exception>
    public async Task ValidateAsync(
        Actor actor, string provider, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken = default) =>
        await CheckAsync(actor, provider, values, cancellationToken);

    /// <summary>Checks the credentials as <see cref="ValidateAsync"/> does, then stores them in place of the former ones.</summary>
    public async Task SaveAsync(
        Actor actor, string provider, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken = default)
    {
        var (credentials, models) = await CheckAsync(actor, provider, values, cancellationToken);
        await StoreAsync(actor, credentials, models, cancellationToken);
    }

    /// <summary>Asks the provider again which models there are.</summary>
    public async Task RefreshModelsAsync(Actor actor, string provider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.ManageModels);
        var schema = _registry.Get(provider).Schema;
        var stored = (await _store.GetAsync(actor.WorkspaceId, cancellationToken)).Providers.GetValueOrDefault(schema.Id);
        if (stored?.Credentials is { } credentials && schema.NeedsCredentials)
        {
            await StoreAsync(actor, credentials, await AskAsync(stored.Provider, credentials, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Forgets the credentials and the default models that need them. Nothing happens when there are none.</summary>
    public async Task RemoveAsync(Actor actor, string provider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.ManageModels);
        var id = _registry.Get(provider).Schema.Id;
        if (!_registry.Get(provider).Schema.NeedsCredentials)
        {
            throw DifyException.Invalid("The built-in provider has no credentials to remove.");
        }

        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            await db.DefaultModels.Where(m => m.WorkspaceId == actor.WorkspaceId && m.Provider == id).ExecuteDeleteAsync(cancellationToken);
            await db.ProviderCredentials.Where(c => c.WorkspaceId == actor.WorkspaceId && c.Provider == id).ExecuteDeleteAsync(cancellationToken);
        }

        _store.Forget(actor.WorkspaceId);
    }

    /// <param name="choices">By type the model to use; null goes back to the built-in one. Types left out stay as they are.</param>
    /// <exception cref="DifyException"><c>provider_not_initialize</c>, <c>model_currently_not_support</c>.</exception>
    public async Task SetDefaultsAsync(
        Actor actor, IReadOnlyDictionary<ModelType, ModelReference?> choices, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(choices);
        actor.Require(Permission.ManageModels);
        var workspace = await _store.GetAsync(actor.WorkspaceId, cancellationToken);
        foreach (var (type, model) in choices)
        {
            CheckChoice(workspace, type, model);
        }

        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            var rows = await db.DefaultModels.Where(m => m.WorkspaceId == actor.WorkspaceId).ToDictionaryAsync(m => m.Type, cancellationToken);
            foreach (var (type, model) in choices)
            {
                Choose(db, rows.GetValueOrDefault(type), actor.WorkspaceId, type, model);
            }

            await SaveChangesAsync(db, cancellationToken);
        }

        _store.Forget(actor.WorkspaceId);
    }

    private static ProviderState State(IModelProvider provider, StoredProvider? stored, bool mayManage)
    {
        var status = stored is null ? ProviderStatus.NotConfigured : stored.Problem is null ? ProviderStatus.Ready : ProviderStatus.Unreadable;
        return new ProviderState(
            provider.Schema, status, stored?.Problem?.Message, mayManage && stored is not null ? stored.Hints : new Dictionary<string, string>(),
            stored?.Models ?? [], stored?.CheckedAt);
    }

    private static void CheckChoice(WorkspaceProviders workspace, ModelType type, ModelReference? model)
    {
        if (model is null)
        {
            return;
        }

        if (workspace.Providers.GetValueOrDefault(model.Provider)?.Credentials is not { } credentials)
        {
            throw new DifyException(ErrorCodes.ProviderNotInitialize, $"The model provider '{model.Provider}' is not set up. Enter its credentials first.");
        }

        if (workspace.Providers[model.Provider].Provider.Describe(credentials, type, model.Name) is null)
        {
            throw new DifyException(ErrorCodes.ModelCurrentlyNotSupport, $"{credentials.Schema.Label} has no model '{model.Name}' of the type {type.ToWire()}.");
        }
    }

    private static void Choose(DifyDbContext db, DefaultModel? row, Guid workspaceId, ModelType type, ModelReference? model)
    {
        if (model is null)
        {
            if (row is not null)
            {
                db.DefaultModels.Remove(row);
            }
        }
        else if (row is null)
        {
            db.DefaultModels.Add(new DefaultModel { WorkspaceId = workspaceId, Type = type, Provider = model.Provider, Name = model.Name });
        }
        else
        {
            (row.Provider, row.Name) = (model.Provider, model.Name);
        }
    }

    private async Task<(ProviderCredentials Credentials, IReadOnlyList<ModelDescriptor> Models)> CheckAsync(
        Actor actor, string provider, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(values);
        actor.Require(Permission.ManageModels);
        var chosen = _registry.Get(provider);
        if (!chosen.Schema.NeedsCredentials)
        {
            throw DifyException.Invalid("The built-in provider takes no credentials.");
        }

        var stored = (await _store.GetAsync(actor.WorkspaceId, cancellationToken)).Providers.GetValueOrDefault(chosen.Schema.Id);
        var credentials = CredentialForm.Read(chosen.Schema, values, stored?.Credentials);
        return (credentials, await AskAsync(chosen, credentials, cancellationToken));
    }

    private async Task<IReadOnlyList<ModelDescriptor>> AskAsync(
        IModelProvider provider, ProviderCredentials credentials, CancellationToken cancellationToken)
    {
        using var patience = new Patience(_time, cancellationToken);
        patience.WaitAtMost(CheckPatience);
        try
        {
            return await provider.ListModelsAsync(credentials, patience.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException ? patience.IsExhausted : ProviderErrors.IsCallFailure(failure))
        {
            throw ProviderErrors.Translate(
                failure is OperationCanceledException ? new ProviderCallException(ProviderFailure.TimedOut, "", failure) : failure, credentials, model: null);
        }
    }

    private async Task StoreAsync(
        Actor actor, ProviderCredentials credentials, IReadOnlyList<ModelDescriptor> models, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var id = credentials.Schema.Id;
        var sealedValues = _secrets.Seal(actor.WorkspaceId, JsonSerializer.Serialize(credentials.Values));
        var hints = CredentialForm.Hints(credentials);
        var listed = models.Select(model => $"{model.Type.ToWire()}/{model.Reference.Name}").ToList();
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            var row = await db.ProviderCredentials.SingleOrDefaultAsync(c => c.WorkspaceId == actor.WorkspaceId && c.Provider == id, cancellationToken);
            if (row is null)
            {
                row = new ProviderCredential
                {
                    WorkspaceId = actor.WorkspaceId, Provider = id, SealedValues = sealedValues, Hints = hints, ListedModels = listed, CreatedAt = now,
                };
                db.ProviderCredentials.Add(row);
            }

            (row.SealedValues, row.Hints, row.ListedModels) = (sealedValues, hints, listed);
            (row.Version, row.UpdatedAt, row.CheckedAt) = (Guid.CreateVersion7(), now, now);
            await SaveChangesAsync(db, cancellationToken);
        }

        _store.Forget(actor.WorkspaceId);
    }

    private static async Task SaveChangesAsync(DifyDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
        {
            throw new DifyException(ErrorCodes.Conflict, "Somebody else changed the same setting at this moment. Look at it and try again.", 409, failure);
        }
    }
}
