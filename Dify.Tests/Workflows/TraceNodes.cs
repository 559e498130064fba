using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Nodes.Answer;
using Dify.Core.Workflows.Nodes.End;
using Dify.Core.Workflows.Nodes.IfElse;
using Dify.Core.Workflows.Nodes.Start;

namespace Dify.Tests.Workflows;

/// <summary>
/// The real nodes where they need no outside, and for every other a stand-in that gives what the trace recorded. As in
/// the recording, an llm says its text word by word.
/// </summary>
internal sealed class TraceNodes(GoldenTrace trace) : INodeFactory, INode
{
    private readonly Dictionary<string, int> _attempts = [];

    public INode Find(string type, string version) => type switch
    {
        "start" => new StartNode(),
        "end" => new EndNode(),
        "answer" => new AnswerNode(),
        "if-else" => new IfElseNode(),
        _ => this,
    };

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Yield();
        var attempt = _attempts[run.Node.Id] = _attempts.GetValueOrDefault(run.Node.Id) + 1;
        var own = trace.Events.Where(item => item.NodeId == run.Node.Id).ToList();
        var retries = own.Where(item => item.Name == "NodeRunRetryEvent").ToList();
        var end = attempt <= retries.Count
            ? retries[attempt - 1]
            : own.Single(item => item.Name is "NodeRunSucceededEvent" or "NodeRunFailedEvent" or "NodeRunExceptionEvent");
        if (end.Error is not null)
        {
            var type = own.Find(item => item.Name == "NodeRunExceptionEvent")?.Outputs?["error_type"]?.ToString();
            throw new NodeFailedException(end.Error, type ?? "WorkflowNodeError");
        }

        if (run.Node.Type == "assigner")
        {
            Assign(run);
        }

        var outputs = (JsonObject)end.Outputs!.DeepClone();
        if (run.Node.Type == "llm")
        {
            var words = outputs["text"]!.ToString().Split(' ');
            for (var i = 0; i < words.Length; i++)
            {
                yield return NodeOutput.Piece("text", i == 0 ? words[i] : " " + words[i]);
            }

            yield return NodeOutput.Piece("text", "", isFinal: true);
        }

        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Outputs = outputs,
            EdgeSourceHandle = end.Handle ?? "source",
        });
    }

    /// <summary>Every assigner of these traces overwrites a conversation variable with the question.</summary>
    private static void Assign(NodeRun run)
    {
        var data = run.Node.Data;
        var target = (data["assigned_variable_selector"] ?? data["items"]?[0]?["variable_selector"])!.AsArray();
        run.Variables.TryGet(["sys", "query"], out var query);
        run.Variables.Set(target[0]!.ToString(), target[1]!.ToString(), query);
    }
}
