using System.Collections.Concurrent;
using Dify.Core.Common;
using Dify.Core.Models.Providers;

namespace Dify.Core.Models.Credentials;

/// <summary>A provider as one workspace has it, opened and with the clients that are ready to call.</summary>
internal sealed class StoredProvider(IModelProvider provider, Guid version, ProviderCredentials? credentials, DifyException? problem)
{
    private const int MostReady = 500;

    private readonly ConcurrentDictionary<(ModelType, string), object> _ready = new();

    public IModelProvider Provider { get; } = provider;

    public Guid Version { get; } = version;

    /// <summary>Null when they could not be opened; <see cref="Problem"/> tells why.</summary>
    public ProviderCredentials? Credentials { get; } = credentials;

    public DifyException? Problem { get; } = problem;

    public IReadOnlyList<ModelDescriptor> Models { get; init; } = [];

    public IReadOnlyDictionary<string, string> Hints { get; init; } = new Dictionary<string, string>();

    public DateTimeOffset? CheckedAt { get; init; }

    public T GetReady<T>(ModelType type, string name, Func<T> create)
        where T : class
    {
        if (_ready.TryGetValue((type, name), out var known))
        {
            return (T)known;
        }

        if (_ready.Count >= MostReady)
        {
            _ready.Clear();
        }

        return (T)_ready.GetOrAdd((type, name), create());
    }
}
