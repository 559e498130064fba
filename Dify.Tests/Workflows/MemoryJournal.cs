using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;

namespace Dify.Tests.Workflows;

/// <summary>A journal that begins with what an earlier life has left, as it would come back from a store.</summary>
internal sealed class MemoryJournal(IEnumerable<(string Path, FinishedNode Finished)> before) : IRunJournal
{
    private readonly Lock _lock = new();
    private readonly List<(string Path, FinishedNode Finished)> _before = [.. before.Select(item => (item.Path, Restore(item.Finished)))];

    public MemoryJournal()
        : this([])
    {
    }

    /// <summary>What this life has added, in order.</summary>
    public List<(string Path, FinishedNode Finished)> Records { get; } = [];

    public List<string> Begun { get; } = [];

    /// <summary>Runs before every node; may wait or fail.</summary>
    public Func<NodeDefinition, ValueTask>? OnStart { get; set; }

    public int LastIndex => _before.Select(item => item.Finished.Index).DefaultIfEmpty(0).Max();

    public IReadOnlyList<FinishedNode> FinishedIn(string path) =>
        [.. _before.Where(item => item.Path == path).Select(item => item.Finished)];

    public ValueTask BeforeStartAsync(NodeDefinition node, CancellationToken stop)
    {
        lock (_lock)
        {
            Begun.Add(node.Id);
        }

        return OnStart?.Invoke(node) ?? ValueTask.CompletedTask;
    }

    public void Record(string path, FinishedNode finished)
    {
        lock (_lock)
        {
            Records.Add((path, finished));
        }
    }

    private static FinishedNode Restore(FinishedNode finished) => finished with
    {
        Result = finished.Result with
        {
            Outputs = Copy(finished.Result.Outputs),
            Inputs = [],
            ProcessData = [],
            Updates = [.. finished.Result.Updates.Select(update => update with { Value = Parse(update.Value) })],
        },
    };

    private static JsonObject Copy(JsonObject values) => (JsonObject)Parse(values)!;

    private static JsonNode? Parse(JsonNode? value) => value is null ? null : JsonNode.Parse(value.ToJsonString(JsonDefaults.Wire));
}
