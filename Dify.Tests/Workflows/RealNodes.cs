using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Nodes.Answer;
using Dify.Core.Workflows.Nodes.Assigner;
using Dify.Core.Workflows.Nodes.End;
using Dify.Core.Workflows.Nodes.IfElse;
using Dify.Core.Workflows.Nodes.Iteration;
using Dify.Core.Workflows.Nodes.Loop;
using Dify.Core.Workflows.Nodes.LoopEnd;
using Dify.Core.Workflows.Nodes.Start;
using Dify.Core.Workflows.Nodes.VariableAggregator;
using Microsoft.Extensions.Options;

namespace Dify.Tests.Workflows;

/// <summary>The nodes that need nothing outside of the engine.</summary>
internal static class RealNodes
{
    private static readonly Dictionary<string, INode> Nodes = new()
    {
        ["start"] = new StartNode(),
        ["end"] = new EndNode(),
        ["answer"] = new AnswerNode(),
        ["if-else"] = new IfElseNode(),
        ["assigner"] = new AssignerNode(),
        ["variable-aggregator"] = new VariableAggregatorNode(),
        ["variable-assigner"] = new VariableAggregatorNode(),
        ["iteration"] = new IterationNode(TimeProvider.System),
        ["loop"] = new LoopNode(TimeProvider.System, Options.Create(new EngineOptions())),
        ["loop-end"] = new LoopEndNode(),
    };

    public static INode? Find(string type) => Nodes.GetValueOrDefault(type);
}
