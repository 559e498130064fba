using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>One execution of a node, the same through its retries.</summary>
public sealed record NodeRun(NodeDefinition Node, VariablePool Variables, RunContext Context, Guid ExecutionId)
{
    /// <summary>The graph within the run, as in <see cref="IRunJournal"/>; empty for the run itself.</summary>
    public string Path { get; init; } = "";

    /// <summary>Set for containers.</summary>
    internal ChildRuns? Children { get; init; }
}
