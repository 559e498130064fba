namespace Dify.Core.Apps.Transfer;

/// <summary>Something that an import did to the content of the file.</summary>
/// <param name="Code">A fixed word, such as <c>if_else_cases</c>.</param>
/// <param name="Count">In how many places.</param>
public sealed record ReportedChange(string Code, int Count);
