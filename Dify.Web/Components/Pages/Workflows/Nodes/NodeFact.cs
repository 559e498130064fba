namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>One thing that a node's settings say.</summary>
/// <param name="Label">In the reader's language.</param>
/// <param name="IsCode">Shown as it is, with letters of equal width.</param>
public sealed record NodeFact(string Label, string Value, bool IsCode = false)
{
    /// <summary>Shown below its label instead of beside it.</summary>
    public bool IsLong => IsCode || Value.Length > 60 || Value.Contains('\n', StringComparison.Ordinal);
}
