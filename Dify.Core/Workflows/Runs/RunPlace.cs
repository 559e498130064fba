using System.Globalization;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Runs;

/// <summary>The round of an iteration or a loop that a node belongs to.</summary>
internal readonly record struct RunPlace(string? IterationId, int? IterationIndex, string? LoopId, int? LoopIndex)
{
    /// <param name="path">As in <see cref="Engine.IRunJournal"/>.</param>
    public static RunPlace Of(string path, string nodeId, GraphDefinition graph)
    {
        var mark = path.LastIndexOf('#');
        if (mark < 0 || !int.TryParse(path.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var round)
            || graph.Find(nodeId)?.ContainerId is not { } container)
        {
            return default;
        }

        return graph.Find(container)?.Type == NodeTypes.Loop
            ? new RunPlace(null, null, container, round)
            : new RunPlace(container, round, null, null);
    }
}
