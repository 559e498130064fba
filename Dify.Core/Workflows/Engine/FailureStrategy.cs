using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Engine;

/// <summary>Turns the last failure of a node into what its strategy makes of it.</summary>
internal static class FailureStrategy
{
    private const string FailBranchHandle = "fail-branch";

    /// <summary>The failure itself when the node has no strategy.</summary>
    public static NodeResult Apply(NodeDefinition node, NodeResult result)
    {
        JsonObject outputs;
        try
        {
            switch (node.Strategy)
            {
                case ErrorStrategy.DefaultValue:
                    outputs = DefaultValues.Read(node);
                    break;
                case ErrorStrategy.FailBranch:
                    outputs = [];
                    break;
                default:
                    return result;
            }
        }
        catch (FormatException problem)
        {
            return result with { Error = problem.Message, ErrorType = nameof(FormatException) };
        }

        outputs["error_message"] = result.Error;
        outputs["error_type"] = result.ErrorType;
        var metadata = (JsonObject)result.Metadata.DeepClone();
        metadata["error_strategy"] = node.Strategy == ErrorStrategy.FailBranch ? FailBranchHandle : "default-value";
        return result with
        {
            Status = NodeStatus.Exception,
            Outputs = outputs,
            Metadata = metadata,
            EdgeSourceHandle = node.Strategy == ErrorStrategy.FailBranch ? FailBranchHandle : "source",
        };
    }
}
