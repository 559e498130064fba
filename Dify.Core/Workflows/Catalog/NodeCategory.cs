namespace Dify.Core.Workflows.Catalog;

/// <summary>Groups of a node picker, in its order.</summary>
public enum NodeCategory
{
    /// <summary>Where a run begins.</summary>
    Start,

    /// <summary>Models, knowledge, output.</summary>
    Basic,

    Understanding,

    Logic,

    Transform,

    Utilities,

    /// <summary>Parts of other nodes; never picked.</summary>
    Inner,
}
