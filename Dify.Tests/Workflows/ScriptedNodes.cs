using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Nodes.Answer;
using Dify.Core.Workflows.Nodes.End;
using Dify.Core.Workflows.Nodes.IfElse;
using Dify.Core.Workflows.Nodes.Start;

namespace Dify.Tests.Workflows;

/// <summary>
/// The node types without an outside, and for every other a script by node id. Without a script a node gives its own
/// id as <c>text</c> at once.
/// </summary>
internal sealed class ScriptedNodes : INodeFactory, INode
{
    private static readonly StartNode Start = new();
    private static readonly EndNode End = new();
    private static readonly AnswerNode Answer = new();
    private static readonly IfElseNode IfElse = new();

    public Dictionary<string, Func<NodeRun, CancellationToken, IAsyncEnumerable<NodeOutput>>> Scripts { get; } = [];

    public INode? Find(string type, string version) => type switch
    {
        "start" => Start,
        "end" => End,
        "answer" => Answer,
        "if-else" => IfElse,
        "unknown" => null,
        _ => this,
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
