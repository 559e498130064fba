using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Engine;

/// <summary>
/// What a run has done, so that it can go on in another life of the program. Paths name the graphs of a run: empty for
/// the run itself, <c>iterationNodeId#2</c> for item 2, <c>a#2/b#0</c> for what is nested. Members are called from
/// several threads when branches or items are parallel.
/// </summary>
public interface IRunJournal
{
    /// <summary>The highest <see cref="FinishedNode.Index"/> of earlier lives, 0 in the first; numbering goes on after it.</summary>
    int LastIndex { get; }

    /// <summary>
    /// Results of earlier lives in the order of finishing. The engine applies them instead of running those nodes.
    /// </summary>
    IReadOnlyList<FinishedNode> FinishedIn(string path);

    /// <summary>
    /// Called before a node works, so that what is finished can be stored before a node with effects outside starts. An
    /// exception ends the run by a <see cref="JournalFailedException"/>.
    /// </summary>
    ValueTask BeforeStartAsync(NodeDefinition node, CancellationToken stop);

    /// <summary>Called at the moment a node has ended, before its events are seen. Must not wait.</summary>
    void Record(string path, FinishedNode finished);
}
