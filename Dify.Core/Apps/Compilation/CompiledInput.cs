namespace Dify.Core.Apps.Compilation;

/// <summary>A field of the form, and its name inside the graph.</summary>
internal sealed record CompiledInput(UserInputField Field, string Name);
