using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Dify.Core.Common;
using Dify.Core.Models.Providers;
using Dify.Core.Storage;
using Dify.Core.Workspaces.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Models.Credentials;

/// <summary>
/// Keeps what workspaces have set up in memory, so that a call to a model needs no query. A change in this process is
/// seen at once, one of another process within <see cref="Freshness"/>.
/// </summary>
internal sealed class ProviderStore(
    IDbContextFactory<DifyDbContext> contexts, SecretBox secrets, ProviderRegistry registry, TimeProvider time)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Slot> _slots = new();

    public ValueTask<WorkspaceProviders> GetAsync(Guid workspaceId, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(workspaceId, static _ => new Slot());
        return slot.Value is { } known && time.GetElapsedTime(known.LoadedAt) < Freshness
            ? ValueTask.FromResult(known)
            : new ValueTask<WorkspaceProviders>(LoadAsync(workspaceId, slot, cancellationToken));
    }

    /// <summary>Whether the product has code for this provider, set up or not.</summary>
    public bool IsKnown(string providerId) => registry.Find(providerId) is not null;

    /// <summary>To be called after each saved change.</summary>
    public void Forget(Guid workspaceId) => _slots[workspaceId] = new Slot();

    private async Task<WorkspaceProviders> LoadAsync(Guid workspaceId, Slot slot, CancellationToken cancellationToken)
    {
        var loadedAt = time.GetTimestamp();
        List<ProviderCredential> rows;
        List<DefaultModel> defaults;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            rows = await db.ProviderCredentials.AsNoTracking().Where(c => c.WorkspaceId == workspaceId).ToListAsync(cancellationToken);
            defaults = await db.DefaultModels.AsNoTracking().Where(m => m.WorkspaceId == workspaceId).ToListAsync(cancellationToken);
        }

        var before = slot.Value;
        var providers = rows.Select(row => Reuse(before, row) ?? Open(row)).OfType<StoredProvider>()
            .Concat(registry.All.Where(provider => !provider.Schema.NeedsCredentials).Select(provider => Keyless(before, provider)))
            .ToFrozenDictionary(stored => stored.Provider.Schema.Id);
        var loaded = new WorkspaceProviders(
            providers, defaults.ToFrozenDictionary(m => m.Type, m => new ModelReference(m.Provider, m.Name)), loadedAt);

        // A slot that was forgotten meanwhile is no longer in the dictionary: the stale value dies with it.
        slot.Value = loaded;
        return loaded;
    }

    private static StoredProvider? Reuse(WorkspaceProviders? before, ProviderCredential row) =>
        before?.Providers.GetValueOrDefault(row.Provider) is { Problem: null } stored && stored.Version == row.Version ? stored : null;

    private static StoredProvider Keyless(WorkspaceProviders? before, IModelProvider provider)
    {
        var none = new ProviderCredentials(provider.Schema, new Dictionary<string, string>());
        return before?.Providers.GetValueOrDefault(provider.Schema.Id)
            ?? new StoredProvider(provider, Guid.Empty, none, null) { Models = Listed(provider, none) };
    }

    private static IReadOnlyList<ModelDescriptor> Listed(IModelProvider provider, ProviderCredentials credentials) =>
        [.. provider.Schema.Types.SelectMany(type => provider.Known(credentials, type)).Select(model => model with { ProviderLabel = provider.Schema.Label })];

    private StoredProvider? Open(ProviderCredential row)
    {
        if (registry.Find(row.Provider) is not { } provider)
        {
            return null;
        }

        try
        {
            var values = JsonSerializer.Deserialize<Dictionary<string, string>>(secrets.Open(row.WorkspaceId, row.SealedValues))!;
            var credentials = new ProviderCredentials(provider.Schema, values);
            return new StoredProvider(provider, row.Version, credentials, null)
            {
                Models = Describe(provider, credentials, row.ListedModels),
                Hints = row.Hints,
                CheckedAt = row.CheckedAt,
            };
        }
        catch (DifyException problem)
        {
            return new StoredProvider(provider, row.Version, null, problem) { Hints = row.Hints, CheckedAt = row.CheckedAt };
        }
    }

    private static List<ModelDescriptor> Describe(IModelProvider provider, ProviderCredentials credentials, List<string> listed)
    {
        var models = new List<ModelDescriptor>(listed.Count);
        foreach (var entry in listed)
        {
            var slash = entry.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && provider.Describe(credentials, ModelTypes.Parse(entry[..slash]), entry[(slash + 1)..]) is { } model)
            {
                models.Add(model with { ProviderLabel = provider.Schema.Label });
            }
        }

        return models;
    }

    private sealed class Slot
    {
        public volatile WorkspaceProviders? Value;
    }
}
