namespace Dify.Core.Knowledge;

/// <summary>Which documents of a base to list.</summary>
/// <param name="Keyword">Part of the name.</param>
/// <param name="Page">From 1.</param>
/// <param name="Limit">1 to 100; more is cut to 100.</param>
public sealed record DocumentFilter(
    string? Keyword = null, DocumentDisplayStatus? Status = null, int Page = 1, int Limit = 20);
