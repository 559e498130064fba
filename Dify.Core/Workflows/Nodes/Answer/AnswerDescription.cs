using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Answer;

internal sealed class AnswerDescription : INodeDescription
{
    public string Type => NodeTypes.Answer;

    public NodeCategory Category => NodeCategory.Basic;

    public string IconKey => "answer";

    public bool RunsAlone => false;

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"answer": "", "variables": []}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Advise("answer", CommonFacts.HasText(data, "answer"));
        facts.Text("answer", NodeData.Text(data, "answer"));
        facts.Output("answer", "string");
        facts.Output("files", "array[file]");
    }
}
