using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>Gives a container node the means to run the graph inside it.</summary>
internal sealed class ChildRuns(GraphRun parent, NodeDefinition container, bool isReplayOnly)
{
    /// <summary>Containers within containers; every level takes a part of the stack.</summary>
    private const int DeepestNesting = 50;

    /// <summary>Nodes of the graph that say that they are in this loop.</summary>
    public IReadOnlyList<string> NodesInLoop => parent.Graph.NodesInLoop(container.Id);

    /// <param name="startNodeId">The silent first node inside the container.</param>
    /// <param name="variables">The pool that the nodes inside read and write.</param>
    /// <param name="index">Of the item or round, from 0.</param>
    /// <exception cref="NodeFailedException">There is no such node, or containers are nested too deep.</exception>
    public ChildRun Create(string startNodeId, VariablePool variables, int index)
    {
        var frame = new RunFrame(parent, container, index, isReplayOnly);
        if (frame.Depth > DeepestNesting)
        {
            throw new NodeFailedException(string.Create(
                CultureInfo.InvariantCulture, $"Iterations and loops are nested deeper than {DeepestNesting} levels."));
        }

        try
        {
            return new ChildRun(parent, parent.Graph.Below(startNodeId), variables, frame);
        }
        catch (DifyException problem)
        {
            throw new NodeFailedException(problem.Message, cause: problem);
        }
    }
}
