using System.Collections.Frozen;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Runs;

/// <summary>Tells nodes that may be run twice at no cost from those with effects or costs outside.</summary>
internal static class DurableNodes
{
    private static readonly FrozenSet<string> Pure = new[]
    {
        NodeTypes.Start, NodeTypes.End, NodeTypes.Answer, NodeTypes.IfElse, NodeTypes.TemplateTransform,
        NodeTypes.VariableAggregator, NodeTypes.VariableAssigner, NodeTypes.Assigner, NodeTypes.ListOperator,
        NodeTypes.Iteration, NodeTypes.IterationStart, NodeTypes.Loop, NodeTypes.LoopStart, NodeTypes.LoopEnd,
    }.ToFrozenSet();

    /// <summary>True for every type that is not known to be without effects. Containers have none of their own.</summary>
    public static bool ActsOutside(string type) => !Pure.Contains(type);
}
