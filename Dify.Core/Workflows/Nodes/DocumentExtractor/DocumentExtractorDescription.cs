using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.DocumentExtractor;

internal sealed class DocumentExtractorDescription : INodeDescription
{
    public string Type => "document-extractor";

    public NodeCategory Category => NodeCategory.Transform;

    public string IconKey => "document";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"variable_selector": [], "is_array_file": false}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Need("variable_selector", data["variable_selector"], "file", "array[file]");
        facts.Output("text", NodeData.Flag(data, "is_array_file") ? "array[string]" : "any");
    }
}
