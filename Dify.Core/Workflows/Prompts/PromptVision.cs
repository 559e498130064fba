using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Prompts;

/// <summary>Which pictures the model is shown.</summary>
/// <param name="Detail"><c>high</c> or <c>low</c>.</param>
internal sealed record PromptVision(bool IsOn, string[] Selector, string Detail)
{
    public static PromptVision Off { get; } = new(false, [], "high");

    /// <summary>Old nodes have no selector, and mean the files of the question.</summary>
    public static PromptVision Read(JsonObject data)
    {
        if (NodeData.Object(data, "vision") is not { } vision || !NodeData.Flag(vision, "enabled"))
        {
            return Off;
        }

        var configs = NodeData.Object(vision, "configs") ?? [];
        var selector = NodeData.Selector(configs, "variable_selector");
        return new PromptVision(
            true, selector.Length >= 2 ? selector : [VariablePool.System, "files"], NodeData.Text(configs, "detail") == "low" ? "low" : "high");
    }
}
