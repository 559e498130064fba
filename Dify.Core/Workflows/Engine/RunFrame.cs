using System.Globalization;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Engine;

/// <summary>One item of an iteration, or one round of a loop: the place of a child graph in its run.</summary>
/// <param name="Parent">The run of the container.</param>
/// <param name="IsReplayOnly">The container has ended in an earlier life: what is not in the journal does not run.</param>
internal sealed record RunFrame(GraphRun Parent, NodeDefinition Container, int Index, bool IsReplayOnly)
{
    public int Depth { get; } = (Parent.Frame?.Depth ?? 0) + 1;

    public string Path { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{(Parent.Path.Length == 0 ? "" : Parent.Path + "/")}{Container.Id}#{Index}");

    /// <summary>The event as one of this frame; what comes from a deeper one keeps its own.</summary>
    public NodeEvent Mark(NodeEvent happened)
    {
        if (happened.Path.Length > 0)
        {
            return happened;
        }

        return Container.Type == NodeTypes.Loop
            ? happened with { Path = Path, LoopId = Container.Id, LoopIndex = Index }
            : happened with { Path = Path, IterationId = Container.Id, IterationIndex = Index };
    }
}
