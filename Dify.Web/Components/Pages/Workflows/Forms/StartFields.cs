using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Inputs;
using Dify.Web.Components.Pages.Workflows.Outline;

namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>The form of a draft, also of one that cannot run yet.</summary>
internal static class StartFields
{
    public static IReadOnlyList<StartField> Of(DraftGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Start is not { } start)
        {
            return [];
        }

        var alone = new JsonObject
        {
            ["nodes"] = new JsonArray(new JsonObject { ["id"] = start.Id, ["data"] = start.Data.DeepClone() }),
            ["edges"] = new JsonArray(),
        };
        return StartForm.Read(GraphDefinition.Parse(alone).Root);
    }
}
