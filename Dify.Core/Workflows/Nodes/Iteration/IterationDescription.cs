using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Iteration;

internal sealed class IterationDescription : INodeDescription
{
    public string Type => NodeTypes.Iteration;

    public NodeCategory Category => NodeCategory.Logic;

    public string IconKey => "iteration";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"iterator_selector": [], "output_selector": [], "is_parallel": false, "parallel_nums": 10, "error_handle_mode": "terminated", "flatten_output": true}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Need("iterator_selector", data["iterator_selector"], "array");
        facts.Require("output_selector", NodeData.Selector(data, "output_selector").Length >= 2);
        facts.SelectInner("output_selector", data["output_selector"]);
        facts.Inner("item", NodeData.Text(data, "iterator_input_type") is { } type && type.StartsWith("array[", StringComparison.Ordinal)
            ? type[6..^1]
            : "any");
        facts.Inner("index", "number");
        facts.Output("output", NodeData.Text(data, "output_type") is { Length: > 0 } list ? list : "array[any]");
    }
}
