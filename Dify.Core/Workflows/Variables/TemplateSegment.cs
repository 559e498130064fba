namespace Dify.Core.Workflows.Variables;

/// <summary>Either a text or a reference to a variable.</summary>
public sealed record TemplateSegment(string? Text, IReadOnlyList<string>? Selector);
