using System.Text.Json.Nodes;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.KnowledgeRetrieval;

/// <summary>The data of a knowledge-retrieval node in the form that a run needs.</summary>
internal sealed class KnowledgeRetrievalSettings
{
    private const int MostHits = 10;

    public string[] QuerySelector { get; private init; } = [];

    /// <summary>Ids that are no UUID belong to another installation and are dropped.</summary>
    public Guid[] KnowledgeBaseIds { get; private init; } = [];

    /// <summary>Null: each base uses its own.</summary>
    public RetrievalSettings? Retrieval { get; private init; }

    public static KnowledgeRetrievalSettings Read(NodeDefinition node) => new()
    {
        QuerySelector = NodeData.Selector(node.Data, "query_variable_selector"),
        KnowledgeBaseIds = [.. NodeData.Selector(node.Data, "dataset_ids")
            .Select(id => Guid.TryParse(id, out var known) ? known : Guid.Empty)
            .Where(id => id != Guid.Empty)
            .Distinct()],
        Retrieval = NodeData.Object(node.Data, "multiple_retrieval_config") is { } config ? ReadRetrieval(config) : null,
    };

    private static RetrievalSettings ReadRetrieval(JsonObject config)
    {
        var threshold = NodeData.Number(config, "score_threshold");
        var defaults = new RetrievalSettings();
        var weights = NodeData.Object(config, "weights");
        var vector = weights is null ? null : NodeData.Object(weights, "vector_setting");
        return defaults with
        {
            TopK = (int)Math.Clamp(NodeData.Number(config, "top_k") ?? defaults.TopK, 1, MostHits),
            ScoreThresholdEnabled = threshold > 0,
            ScoreThreshold = Math.Clamp(threshold ?? 0, 0, 1),
            VectorWeight = Math.Clamp(
                (vector is null ? null : NodeData.Number(vector, "vector_weight")) ?? defaults.VectorWeight, 0, 1),
        };
    }
}
