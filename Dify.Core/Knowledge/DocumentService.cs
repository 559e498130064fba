using Dify.Core.Common;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Workspaces;

namespace Dify.Core.Knowledge;

/// <summary>
/// Documents of a knowledge base. Indexing runs in the background: a document that is added is in the store when the
/// call returns, and ends completed or failed with a reason, whatever happens to the process.
/// </summary>
public sealed class DocumentService
{
    /// <summary>Adds documents and starts their indexing.</summary>
    /// <exception cref="DifyException">
    /// <c>invalid_param</c> (nothing to add, bad rule, indexing technique missing), <c>too_many_files</c>, 413
    /// <c>file_too_large</c>, 415 <c>unsupported_file_type</c>, 404.
    /// </exception>
    public Task<IReadOnlyList<Document>> AddAsync(
        Actor actor, Guid knowledgeBaseId, NewDocuments request, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Newest first.</summary>
    public Task<Page<Document>> ListAsync(
        Actor actor, Guid knowledgeBaseId, DocumentFilter filter, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<Document> GetAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The documents of one upload, in their order; 404 when the batch is unknown. Cheap enough to poll.</summary>
    public Task<IReadOnlyList<Document>> GetBatchAsync(
        Actor actor, Guid knowledgeBaseId, string batch, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<Document> RenameAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, string name, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Includes documents in retrieval, or takes them out.</summary>
    /// <exception cref="DifyException"><c>invalid_action</c> when one of them is not completed; then none is changed.</exception>
    public Task SetEnabledAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, bool enabled, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc cref="SetEnabledAsync"/>
    /// <summary>Archived documents are kept, not searched and not edited.</summary>
    public Task SetArchivedAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, bool archived, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Asks the indexing to stop after the batch in work.</summary>
    public Task PauseAsync(Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Goes on where a paused document stopped.</summary>
    public Task ResumeAsync(Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Starts failed documents again.</summary>
    public Task RetryAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Cuts the document anew by another rule; its segments are replaced.</summary>
    public Task<Document> ReprocessAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, ProcessRule rule, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Gives the document other content (a file or a text) and indexes it anew.</summary>
    public Task<Document> ReplaceAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, NewDocuments content, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <exception cref="DifyException">403 <c>archived_document_immutable</c>.</exception>
    public Task DeleteAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Cuts an uploaded file by a rule without storing anything, by the very steps that indexing takes.</summary>
    /// <param name="limit">Chunks in the answer, 1 to 200.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> with the reason when the file has no readable text.</exception>
    public Task<ChunkPreview> PreviewAsync(
        Actor actor, Guid fileId, ProcessRule rule, int limit = 20, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
