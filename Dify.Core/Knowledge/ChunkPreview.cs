namespace Dify.Core.Knowledge;

/// <summary>What a document would be cut into.</summary>
/// <param name="Total">Number of segments of the whole document.</param>
/// <param name="Chunks">The first of them, in order, exactly as they would be stored.</param>
public sealed record ChunkPreview(string DocumentName, int Total, IReadOnlyList<string> Chunks);
