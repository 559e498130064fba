using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;

namespace Dify.Core.Workflows.Nodes.LoopEnd;

internal sealed class LoopEndDescription : INodeDescription
{
    public string Type => "loop-end";

    public NodeCategory Category => NodeCategory.Inner;

    public string IconKey => "loop-end";

    public bool RunsAlone => false;

    public void Describe(JsonObject data, NodeFacts facts)
    {
        // It has no settings and gives nothing.
    }
}
