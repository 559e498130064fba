using System.Text.Json.Nodes;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Definitions;

/// <summary>What an answer or end node streams: texts and variables in the order of its template.</summary>
internal sealed class ResponseTemplate
{
    private static readonly TemplateSegment LineBreak = new("\n", null);

    private ResponseTemplate(IReadOnlyList<TemplateSegment> segments) => Segments = segments;

    public IReadOnlyList<TemplateSegment> Segments { get; }

    public static ResponseTemplate Of(NodeDefinition node) => node.Type == NodeTypes.Answer
        ? new ResponseTemplate(ReferenceTemplate.Parse(NodeData.Text(node.Data, "answer") ?? "").Segments)
        : new ResponseTemplate(Outputs(node.Data));

    private static List<TemplateSegment> Outputs(JsonObject data)
    {
        var segments = new List<TemplateSegment>();
        foreach (var output in NodeData.List(data, "outputs")?.OfType<JsonObject>() ?? [])
        {
            if (segments.Count > 0)
            {
                segments.Add(LineBreak);
            }

            segments.Add(new TemplateSegment(null, NodeData.Selector(output, "value_selector")));
        }

        return segments;
    }
}
