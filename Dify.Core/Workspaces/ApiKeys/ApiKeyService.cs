namespace Dify.Core.Workspaces.ApiKeys;

/// <summary>Makes, lists, revokes and checks keys of the service API.</summary>
public sealed class ApiKeyService
{
    /// <summary>Makes a key; the returned token is the only copy.</summary>
    public Task<(ApiKey Key, string Token)> CreateAsync(
        Actor actor, ApiKeyKind kind, Guid? appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<IReadOnlyList<ApiKey>> ListAsync(
        Actor actor, ApiKeyKind kind, Guid? appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task DeleteAsync(Actor actor, Guid keyId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>
    /// The key of a token, from a small in-process cache (a revoked key stops within seconds on other hosts and at
    /// once on this one); null when there is none. Compares hashes only.
    /// </summary>
    public ValueTask<ApiKey?> FindAsync(string token, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
