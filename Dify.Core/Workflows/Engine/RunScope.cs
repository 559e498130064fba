namespace Dify.Core.Workflows.Engine;

/// <summary>What a run and all its child graphs share.</summary>
internal sealed class RunScope(INodeFactory nodes, TimeProvider time, EngineOptions options, GraphRunRequest request)
{
    private int _steps;
    private int _lastIndex = request.Journal?.LastIndex ?? 0;

    public INodeFactory Nodes { get; } = nodes;

    public TimeProvider Time { get; } = time;

    public EngineOptions Options { get; } = options;

    public RunContext Context { get; } = request.Context;

    public IRunJournal? Journal { get; } = request.Journal;

    /// <summary>Counts an attempt of a node.</summary>
    public int Step() => Interlocked.Increment(ref _steps);

    /// <summary>The number of the next node to start, over all graphs of the run.</summary>
    public int NextIndex() => Interlocked.Increment(ref _lastIndex);
}
