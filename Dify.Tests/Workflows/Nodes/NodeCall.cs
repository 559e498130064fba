using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

/// <summary>Runs one node by itself.</summary>
internal static class NodeCall
{
    /// <summary>The node's result; a failure that it throws becomes one, as in a run.</summary>
    public static async Task<NodeResult> RunAsync(INode code, string type, JsonObject data, VariablePool variables, RunContext? context = null)
    {
        var node = new TestGraph().Node("n", type, data).Build().Find("n")!;
        var run = new NodeRun(node, variables, context ?? TestRuns.Context(), Guid.CreateVersion7());
        try
        {
            NodeResult? result = null;
            await foreach (var output in code.RunAsync(run, TestContext.Current.CancellationToken))
            {
                result = output.Result ?? result;
            }

            return result!;
        }
        catch (NodeFailedException failure)
        {
            return new NodeResult
            {
                Status = NodeStatus.Failed, Error = failure.Message, ErrorType = failure.Type, ErrorCode = failure.Code,
                Inputs = failure.Inputs, ProcessData = failure.ProcessData,
            };
        }
    }
}
