using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Secrets;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// Tries one node of a draft. It runs on the engine like any other, in a graph of its own that has nothing but a silent
/// start, the node, and what is inside it.
/// </summary>
internal sealed class SingleNodeRunner(
    GraphEngine engine, RunHistory history, WriteBatcher writes, SecretBox box, LiveRuns live, TimeProvider time)
{
    private const string StartId = "__start__";

    public async Task<NodeExecution> RunAsync(
        Actor actor, RunnableWorkflow workflow, string nodeId, JsonObject inputs, CancellationToken cancellationToken)
    {
        var node = workflow.Graph.Find(nodeId) ?? throw DifyException.NotFound("The draft has no such node.");
        if (NodeTypes.IsContainerStart(node.Type))
        {
            throw DifyException.Invalid("This node only marks a beginning. Run the iteration or loop around it.");
        }

        var run = new WorkflowRun
        {
            WorkspaceId = actor.WorkspaceId,
            AppId = workflow.AppId,
            VersionId = workflow.VersionId,
            Trigger = RunTrigger.SingleNode,
            InvokeFrom = "debugger",
            UserId = actor.AccountId.ToString(),
            Inputs = StoredJson.Write(inputs),
            CreatedAt = time.GetUtcNow(),
            AliveAt = time.GetUtcNow(),
        };
        var graph = GraphOf(workflow.Graph, node);
        var variables = await VariablesAsync(actor, workflow, node, run, inputs, cancellationToken);
        var secrets = RunSecrets.Of(variables);
        string Seal(string text) => box.Seal(run.WorkspaceId, text);
        var recorder = new RunRecorder(run, [], secrets, secrets is null ? null : Seal, time);
        var context = new RunContext
        {
            RunId = run.Id,
            WorkspaceId = run.WorkspaceId,
            AppId = run.AppId,
            UserId = run.UserId,
            InvokeFrom = run.InvokeFrom,
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, live.Shutdown);
        await foreach (var happened in engine.RunAsync(new GraphRunRequest(graph, variables, context), ending.Token))
        {
            recorder.Observe(happened);
        }

        if (run.Status == RunStatus.Paused)
        {
            throw DifyException.Invalid("This node waits for a person. Run the whole draft to try it.");
        }

        var rows = recorder.Nodes.Where(row => row.NodeId != StartId).ToList();
        await writes.AddAsync([run, .. rows]);
        return rows.Find(row => row.NodeId == nodeId && row.Path.Length == 0)
            ?? throw new DifyException(ErrorCodes.InternalServerError, run.Error ?? "The node did not run.", 500);
    }

    private static GraphDefinition GraphOf(GraphDefinition whole, NodeDefinition node)
    {
        var nodes = new JsonArray();
        var edges = new JsonArray();
        var ids = new HashSet<string>(StringComparer.Ordinal) { node.Id };
        if (node.IsContainer)
        {
            for (var before = 0; before < ids.Count;)
            {
                before = ids.Count;
                ids.UnionWith(whole.Nodes.Where(inner => inner.ContainerId is { } container && ids.Contains(container)).Select(inner => inner.Id));
            }
        }

        if (node.Kind != NodeKind.Root)
        {
            nodes.Add(new JsonObject { ["id"] = StartId, ["data"] = new JsonObject { ["type"] = NodeTypes.Start } });
            edges.Add(new JsonObject { ["source"] = StartId, ["target"] = node.Id });
        }

        foreach (var kept in whole.Nodes.Where(candidate => ids.Contains(candidate.Id)))
        {
            nodes.Add(new JsonObject { ["id"] = kept.Id, ["data"] = kept.Data.DeepClone() });
        }

        foreach (var edge in whole.Edges)
        {
            var (source, target) = (whole.Nodes[edge.Source].Id, whole.Nodes[edge.Target].Id);
            if (source != node.Id && target != node.Id && ids.Contains(source) && ids.Contains(target))
            {
                edges.Add(new JsonObject { ["source"] = source, ["target"] = target, ["sourceHandle"] = edge.Handle });
            }
        }

        return GraphDefinition.Parse(
            new JsonObject { ["nodes"] = nodes, ["edges"] = edges }, node.Kind == NodeKind.Root ? node.Id : StartId);
    }

    private async Task<VariablePool> VariablesAsync(
        Actor actor, RunnableWorkflow workflow, NodeDefinition node, WorkflowRun run, JsonObject inputs, CancellationToken cancellationToken)
    {
        var variables = new VariablePool();
        foreach (var (owner, values) in await history.ReadLastAsync(actor, workflow.AppId, isMasked: false, cancellationToken))
        {
            if (owner != node.Id)
            {
                variables.SetAll(owner, values!.DeepClone().AsObject());
            }
        }

        foreach (var variable in workflow.ConversationVariables)
        {
            if (!variables.TryGet([VariablePool.Conversation, variable.Name], out _))
            {
                variables.Set(VariablePool.Conversation, variable.Name, variable.Value?.DeepClone());
            }
        }

        variables.Set(VariablePool.System, "user_id", run.UserId);
        variables.Set(VariablePool.System, "app_id", run.AppId.ToString());
        variables.Set(VariablePool.System, "workflow_id", workflow.VersionId.ToString());
        variables.Set(VariablePool.System, "workflow_run_id", run.Id.ToString());
        RunBeginning.SetEnvironment(variables, workflow.EnvironmentVariables);
        var references = new NodeReferences(node);
        foreach (var (key, value) in inputs)
        {
            var selector = references.SelectorOf(key);
            variables.Set(selector[0], selector[1], value?.DeepClone());
        }

        return variables;
    }
}
