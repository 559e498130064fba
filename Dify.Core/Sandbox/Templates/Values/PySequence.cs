namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>What <c>dict.keys()</c>, <c>dict.items()</c>, <c>range()</c> and the like give: read only, and iterable again and again.</summary>
/// <param name="Name">Python's name of the type, such as <c>dict_keys</c>.</param>
/// <param name="Items">Read anew for each iteration.</param>
/// <param name="Text">Its <c>repr</c>; null: the name around a list of the items.</param>
internal sealed record PySequence(string Name, IReadOnlyList<object?> Items, string? Text = null);
