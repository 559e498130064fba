using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;

namespace Dify.Core.Knowledge;

/// <summary>Documents to add in one batch: uploaded files, texts, or both.</summary>
public sealed record NewDocuments
{
    /// <summary>Files that were uploaded before, each of a supported type.</summary>
    public IReadOnlyList<Guid> FileIds { get; init; } = [];

    public IReadOnlyList<NewTextDocument> Texts { get; init; } = [];

    public ProcessRule ProcessRule { get; init; } = new();

    /// <summary>Needed with the first document of a base that has none yet; later ignored.</summary>
    public IndexingTechnique? IndexingTechnique { get; init; }

    /// <summary>Taken with the first document; null: the workspace default.</summary>
    public string? EmbeddingProvider { get; init; }

    public string? EmbeddingModel { get; init; }

    /// <summary>Replaces the base's search settings when given.</summary>
    public RetrievalSettings? Retrieval { get; init; }

    /// <summary><c>web</c> or <c>api</c>.</summary>
    public string CreatedFrom { get; init; } = "web";
}

/// <summary>A document that comes as text.</summary>
public sealed record NewTextDocument(string Name, string Text);
