using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;

namespace Dify.Tests.Workflows;

/// <summary>
/// The node types without an outside, and for every other a script by node id. Without a script a node gives its own
/// id as <c>text</c> at once.
/// </summary>
internal sealed class ScriptedNodes : INodeFactory, INode
{
    public Dictionary<string, Func<NodeRun, CancellationToken, IAsyncEnumerable<NodeOutput>>> Scripts { get; } = [];

    public INode? Find(string type, string version) => type switch
    {
        "unknown" => null,
        _ => RealNodes.Find(type) ?? this,
    };

    public IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, CancellationToken stop) =>
        Scripts.TryGetValue(run.Node.Id, out var script) ? script(run, stop) : Give(run.Node.Id, stop);

    public static async IAsyncEnumerable<NodeOutput> Give(
        string text, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask;
        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Outputs = new JsonObject { ["text"] = text },
        });
    }
}
