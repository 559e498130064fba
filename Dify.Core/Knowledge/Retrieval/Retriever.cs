namespace Dify.Core.Knowledge.Retrieval;

/// <summary>Searches knowledge bases: documents that are enabled, completed and not archived, and enabled segments.</summary>
public sealed class Retriever
{
    /// <summary>The best hits over all named bases, best first. An empty question gives an empty result.</summary>
    /// <exception cref="Common.DifyException">404 when a base is not in the workspace; model errors of the embedding.</exception>
    public Task<IReadOnlyList<RetrievedSegment>> RetrieveAsync(
        RetrievalQuery query, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
