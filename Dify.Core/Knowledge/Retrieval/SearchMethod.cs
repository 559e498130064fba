namespace Dify.Core.Knowledge.Retrieval;

public enum SearchMethod
{
    SemanticSearch,
    FullTextSearch,
    HybridSearch,

    /// <summary>Economy knowledge bases.</summary>
    KeywordSearch,
}
