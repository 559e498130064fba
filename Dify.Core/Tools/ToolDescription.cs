namespace Dify.Core.Tools;

/// <summary>What a tool is called, what it does and what it takes.</summary>
/// <param name="Name">The name in app files.</param>
/// <param name="Description">One English sentence, for people and for models.</param>
public sealed record ToolDescription(string Name, string Label, string Description, IReadOnlyList<ToolParameter> Parameters);

/// <summary>Tools that belong together.</summary>
/// <param name="Id">The id in app files, without organisation and plugin.</param>
/// <param name="Type"><c>builtin</c>, <c>api</c>, <c>workflow</c> or <c>mcp</c>.</param>
/// <param name="Icon">An emoji.</param>
public sealed record ToolProvider(string Id, string Type, string Label, string Description, string Icon, IReadOnlyList<ToolDescription> Tools);
