using System.Text.Json.Nodes;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Prompts;

namespace Dify.Core.Workflows.Nodes.KnowledgeRetrieval;

/// <summary>The data of a knowledge-retrieval node in the form that a run needs.</summary>
internal sealed class KnowledgeRetrievalSettings
{
    private const int MostHits = 100;

    public string[] QuerySelector { get; private init; } = [];

    public string[] AttachmentSelector { get; private init; } = [];

    /// <summary>Ids that are no UUID belong to another installation and are dropped.</summary>
    public Guid[] KnowledgeBaseIds { get; private init; } = [];

    /// <summary>A model picks one of the bases.</summary>
    public bool IsSingle { get; private init; }

    public PromptModel RouterModel { get; private init; } = new();

    /// <summary>Set when all bases are searched in one way; null: each in its own.</summary>
    public RetrievalSettings? Shared { get; private init; }

    public int? TopK { get; private init; }

    public double? ScoreThreshold { get; private init; }

    public MetadataMode Metadata { get; private init; }

    public PromptModel MetadataModel { get; private init; } = new();

    public bool IsAnyCondition { get; private init; }

    /// <summary>Values may hold references.</summary>
    public IReadOnlyList<MetadataCondition> Conditions { get; private init; } = [];

    public static KnowledgeRetrievalSettings Read(NodeDefinition node)
    {
        var data = node.Data;
        var config = NodeData.Object(data, "multiple_retrieval_config");
        var isSingle = NodeData.Text(data, "retrieval_mode") == "single";
        var conditions = NodeData.Object(data, "metadata_filtering_conditions") ?? [];
        return new KnowledgeRetrievalSettings
        {
            QuerySelector = NodeData.Selector(data, "query_variable_selector"),
            AttachmentSelector = NodeData.Selector(data, "query_attachment_selector"),
            KnowledgeBaseIds = [.. NodeData.Selector(data, "dataset_ids")
                .Select(id => Guid.TryParse(id, out var known) ? known : Guid.Empty)
                .Where(id => id != Guid.Empty)
                .Distinct()],
            IsSingle = isSingle,
            RouterModel = PromptModel.Read(NodeData.Object(data, "single_retrieval_config") ?? []),
            Shared = isSingle || config is null || !SharesSettings(config) ? null : ReadShared(config),
            TopK = isSingle || config is null ? null : TopKOf(config),
            ScoreThreshold = isSingle || config is null ? null : ThresholdOf(config),
            Metadata = NodeData.Text(data, "metadata_filtering_mode") switch
            {
                "manual" => MetadataMode.Manual,
                "automatic" => MetadataMode.Automatic,
                _ => MetadataMode.Disabled,
            },
            MetadataModel = PromptModel.Read(data, "metadata_model_config"),
            IsAnyCondition = NodeData.Text(conditions, "logical_operator") == "or",
            Conditions = [.. (NodeData.List(conditions, "conditions")?.OfType<JsonObject>() ?? [])
                .Select(item => new MetadataCondition(
                    NodeData.Text(item, "name") ?? "", NodeData.Text(item, "comparison_operator") ?? "", item["value"]))
                .Where(condition => condition.Name.Length > 0)],
        };
    }

    /// <summary>With reranking off, each base is searched by its own method and the results are put together.</summary>
    private static bool SharesSettings(JsonObject config) => NodeData.Flag(config, "reranking_enable", fallback: true);

    private static RetrievalSettings ReadShared(JsonObject config)
    {
        var defaults = new RetrievalSettings();
        var weights = NodeData.Object(config, "weights");
        var vector = weights is null ? null : NodeData.Object(weights, "vector_setting");
        var threshold = ThresholdOf(config);
        return defaults with
        {
            TopK = TopKOf(config),
            ScoreThresholdEnabled = threshold > 0,
            ScoreThreshold = threshold,
            VectorWeight = Math.Clamp(
                (vector is null ? null : NodeData.Number(vector, "vector_weight")) ?? defaults.VectorWeight, 0, 1),
            RerankModel = RerankModelOf(config),
        };
    }

    private static int TopKOf(JsonObject config) =>
        (int)Math.Clamp(NodeData.Number(config, "top_k") ?? new RetrievalSettings().TopK, 1, MostHits);

    private static double ThresholdOf(JsonObject config) => Math.Clamp(NodeData.Number(config, "score_threshold") ?? 0, 0, 1);

    private static ModelReference? RerankModelOf(JsonObject config)
    {
        if (NodeData.Text(config, "reranking_mode") == "weighted_score" || NodeData.Object(config, "reranking_model") is not { } model)
        {
            return null;
        }

        var provider = NodeData.Text(model, "provider") ?? NodeData.Text(model, "reranking_provider_name");
        var name = NodeData.Text(model, "model") ?? NodeData.Text(model, "reranking_model_name");
        return string.IsNullOrEmpty(provider) || string.IsNullOrEmpty(name) ? null : ModelReference.Parse(provider, name);
    }
}

internal enum MetadataMode
{
    Disabled,
    Manual,

    /// <summary>A model makes the conditions from the question.</summary>
    Automatic,
}
