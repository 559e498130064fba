namespace Dify.Core.Workflows.Definitions;

/// <summary>What happens when a node has failed for good.</summary>
public enum ErrorStrategy
{
    /// <summary>The run fails.</summary>
    None,

    /// <summary>The edges of the handle <c>fail-branch</c> are taken.</summary>
    FailBranch,

    /// <summary>The run goes on with outputs given beforehand.</summary>
    DefaultValue,
}
