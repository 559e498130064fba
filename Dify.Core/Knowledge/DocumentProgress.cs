using System.Collections.Concurrent;

namespace Dify.Core.Knowledge;

/// <summary>
/// Tells pages of this process that a document of a base has moved. A hint only: what counts is read from the store.
/// </summary>
public sealed class DocumentProgress
{
    private readonly ConcurrentDictionary<Guid, (Guid KnowledgeBaseId, Action<Guid> Changed)> _watchers = new();

    /// <summary>Calls <paramref name="changed"/> with the document's id on every step, on a background thread.</summary>
    /// <returns>Dispose to stop watching.</returns>
    public IDisposable Watch(Guid knowledgeBaseId, Action<Guid> changed)
    {
        var key = Guid.CreateVersion7();
        _watchers[key] = (knowledgeBaseId, changed);
        return new Watcher(this, key);
    }

    internal void Report(Guid knowledgeBaseId, Guid documentId)
    {
        foreach (var (watched, changed) in _watchers.Values)
        {
            if (watched == knowledgeBaseId)
            {
                changed(documentId);
            }
        }
    }

    private sealed class Watcher(DocumentProgress owner, Guid key) : IDisposable
    {
        public void Dispose() => owner._watchers.TryRemove(key, out _);
    }
}
