namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>A tuple.</summary>
internal sealed class PyTuple(params object?[] items)
{
    public object?[] Items { get; } = items;

    /// <summary>Names of the items, as the groups of <c>groupby</c> have.</summary>
    public string[] Names { get; init; } = [];
}
