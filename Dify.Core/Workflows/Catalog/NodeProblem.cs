namespace Dify.Core.Workflows.Catalog;

/// <summary>A setting that is missing or cannot be as it is.</summary>
/// <param name="IsError">Whether the node would fail; else it is odd, but runs.</param>
public sealed record NodeProblem(string Field, bool IsError);
