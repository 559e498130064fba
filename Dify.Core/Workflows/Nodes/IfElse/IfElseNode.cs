using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Conditions;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.IfElse;

/// <summary>Takes the branch of the first case that holds, else the branch <c>false</c>.</summary>
internal sealed class IfElseNode : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        var handle = "false";
        var holds = false;
        var log = new JsonArray();
        var groups = new JsonArray();
        foreach (var each in run.Node.Settings(Read))
        {
            log = [];
            (holds, var results) = Evaluate(each, run, log, groups);
            groups.Add(new JsonObject
            {
                ["group"] = each.Source.DeepClone(),
                ["results"] = new JsonArray([.. results.Select(result => (JsonNode)result)]),
                ["final_result"] = holds,
            });
            if (holds)
            {
                handle = each.Id;
                break;
            }
        }

        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = new JsonObject { ["conditions"] = log },
            ProcessData = new JsonObject { ["condition_results"] = groups },
            Outputs = new JsonObject { ["result"] = holds, ["selected_case_id"] = handle },
            EdgeSourceHandle = handle,
        });
    }

    private static (bool Holds, IReadOnlyList<bool> Results) Evaluate(Case each, NodeRun run, JsonArray log, JsonArray groups)
    {
        try
        {
            return ConditionEvaluator.Evaluate(each.Conditions, each.IsAnd, run.Variables, log);
        }
        catch (NodeFailedException problem)
        {
            throw new NodeFailedException(problem.Message, problem.Type, problem.Code, problem)
            {
                Inputs = new JsonObject { ["conditions"] = log },
                ProcessData = new JsonObject { ["condition_results"] = groups },
            };
        }
    }

    private static List<Case> Read(NodeDefinition node)
    {
        var cases = (NodeData.List(node.Data, "cases")?.OfType<JsonObject>() ?? [])
            .Select(item => new Case(
                NodeData.Text(item, "case_id") ?? NodeData.Text(item, "id") ?? "true",
                NodeData.Text(item, "logical_operator") != "or",
                Condition.ReadAll(NodeData.List(item, "conditions")),
                item))
            .ToList();
        if (cases.Count == 0 && NodeData.List(node.Data, "conditions") is { } conditions)
        {
            // Files made before there were several cases.
            cases.Add(new Case("true", NodeData.Text(node.Data, "logical_operator") != "or", Condition.ReadAll(conditions), "default"));
        }

        return cases;
    }

    private sealed record Case(string Id, bool IsAnd, IReadOnlyList<Condition> Conditions, JsonNode Source);
}
