using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;

namespace Dify.Core.Workflows.Nodes.Iteration;

internal sealed class IterationStartDescription : INodeDescription
{
    public string Type => "iteration-start";

    public NodeCategory Category => NodeCategory.Inner;

    public string IconKey => "start";

    public bool RunsAlone => false;

    public void Describe(JsonObject data, NodeFacts facts)
    {
        // It has no settings and gives nothing.
    }
}
