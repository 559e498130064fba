namespace Dify.Core.Common;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Total">Rows of the whole list, or null where counting is not offered (cursor lists).</param>
/// <param name="HasMore">Whether a further page exists.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int? Total, bool HasMore);
