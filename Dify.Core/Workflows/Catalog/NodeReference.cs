namespace Dify.Core.Workflows.Catalog;

/// <summary>A place in a node's settings that names a variable.</summary>
/// <param name="Field">The setting, such as <c>cases[0].conditions[1]</c>.</param>
/// <param name="Selector">Node (or <c>sys</c>, <c>env</c>, <c>conversation</c>), name, further keys.</param>
public sealed record NodeReference(string Field, IReadOnlyList<string> Selector)
{
    /// <summary>Whether the node fails when there is no such variable.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Types that the node can use; empty: all. <c>array</c> stands for every list.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Whether it looks into the container that the node is, at what is inside.</summary>
    public bool IsInner { get; init; }

    public override string ToString() => string.Join('.', Selector);
}
