namespace Dify.Core.Knowledge;

/// <summary>Which segments of a document to list.</summary>
/// <param name="Keyword">Part of the text.</param>
/// <param name="Page">From 1.</param>
/// <param name="Limit">1 to 100; more is cut to 100.</param>
public sealed record SegmentFilter(string? Keyword = null, bool? Enabled = null, int Page = 1, int Limit = 20);

/// <summary>A segment written by hand.</summary>
/// <param name="Keywords">Null: taken from the text.</param>
public sealed record NewSegment(string Content, IReadOnlyList<string>? Keywords = null);

/// <summary>Changes of a segment; null leaves a value as it is.</summary>
public sealed record SegmentChanges(string? Content = null, IReadOnlyList<string>? Keywords = null, bool? Enabled = null);
