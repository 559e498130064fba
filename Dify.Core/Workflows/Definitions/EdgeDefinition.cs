namespace Dify.Core.Workflows.Definitions;

/// <summary>A connection; <see cref="Source"/> and <see cref="Target"/> are indexes into the graph's nodes.</summary>
/// <param name="Id"><c>edge_0</c>, <c>edge_1</c>, … in the order of the list; ids of the file are not used.</param>
public sealed record EdgeDefinition(string Id, int Source, int Target, string Handle);
