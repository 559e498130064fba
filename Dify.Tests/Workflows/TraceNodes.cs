using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox.Templates;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Nodes.TemplateTransform;
using Microsoft.Extensions.Options;

namespace Dify.Tests.Workflows;

/// <summary>
/// The real nodes where they need no outside, and for every other a stand-in that gives what the trace recorded. As in
/// the recording, an llm says its text word by word.
/// </summary>
internal sealed class TraceNodes(GoldenTrace trace) : INodeFactory, INode
{
    private static readonly TemplateTransformNode Templates = new(new JinjaRenderer(TimeProvider.System), Options.Create(new TemplateLimits()));

    private readonly Dictionary<string, int> _attempts = [];

    /// <summary>Node ids with the graphs that they ran in, in the order of starting.</summary>
    public List<string> Executed { get; } = [];

    public INode Find(string type, string version) => type == "template-transform" ? Templates : RealNodes.Find(type) ?? this;

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Yield();
        var frame = run.Path.Length == 0 ? null : run.Path.Split('/')[^1];
        int attempt;
        lock (_attempts)
        {
            var key = $"{run.Path} {run.Node.Id}";
            attempt = _attempts[key] = _attempts.GetValueOrDefault(key) + 1;
            Executed.Add(key);
        }

        var own = trace.Events.Where(item => item.NodeId == run.Node.Id && item.Frame == frame).ToList();
        var retries = own.Where(item => item.Name == "NodeRunRetryEvent").ToList();
        var end = attempt <= retries.Count
            ? retries[attempt - 1]
            : own.Single(item => item.Name is "NodeRunSucceededEvent" or "NodeRunFailedEvent" or "NodeRunExceptionEvent");
        if (end.Error is not null)
        {
            var type = own.Find(item => item.Name == "NodeRunExceptionEvent")?.Outputs?["error_type"]?.ToString();
            throw new NodeFailedException(end.Error, type ?? "WorkflowNodeError");
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
}
