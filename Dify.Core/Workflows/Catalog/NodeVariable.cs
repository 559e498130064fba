namespace Dify.Core.Workflows.Catalog;

/// <summary>A variable that a node gives to others.</summary>
/// <param name="Type">A word of the DSL such as <c>array[string]</c>; <c>any</c> when it is known only at run time.</param>
public sealed record NodeVariable(string Name, string Type);
