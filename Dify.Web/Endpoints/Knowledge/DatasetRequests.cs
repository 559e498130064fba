using System.Text.Json;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;

namespace Dify.Web.Endpoints;

/// <summary>Fields that creating and changing a knowledge base have in common.</summary>
internal sealed record DatasetRequest
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Provider { get; init; }

    public string? Permission { get; init; }

    public string? IndexingTechnique { get; init; }

    public string? EmbeddingModel { get; init; }

    public string? EmbeddingModelProvider { get; init; }

    public RetrievalModelRequest? RetrievalModel { get; init; }

    public IReadOnlyList<PartialMemberRequest?>? PartialMemberList { get; init; }

    public bool? EnableApi { get; init; }

    public IReadOnlyList<Guid>? PartialMembers => PartialMemberList?
        .Select(m => m?.UserId ?? throw DifyException.Invalid("partial_member_list: a list of objects with user_id.")).ToList();
}

internal sealed record PartialMemberRequest(Guid UserId);

/// <summary><c>retrieval_model</c>: what of it has a meaning here is taken, the rest is Dify's and ignored.</summary>
internal sealed record RetrievalModelRequest
{
    public string? SearchMethod { get; init; }

    public bool? RerankingEnable { get; init; }

    public string? RerankingMode { get; init; }

    public RerankingModelRequest? RerankingModel { get; init; }

    public int? TopK { get; init; }

    public bool? ScoreThresholdEnabled { get; init; }

    public double? ScoreThreshold { get; init; }

    public WeightsRequest? Weights { get; init; }

    public RetrievalSettings ToSettings()
    {
        var usual = new RetrievalSettings();
        return new RetrievalSettings
        {
            SearchMethod = SearchMethod is null ? usual.SearchMethod : WireNames.Parse<SearchMethod>(SearchMethod, "search_method"),
            TopK = TopK ?? usual.TopK,
            ScoreThresholdEnabled = ScoreThresholdEnabled ?? false,
            ScoreThreshold = ScoreThreshold ?? usual.ScoreThreshold,
            VectorWeight = Weights?.VectorSetting?.VectorWeight ?? usual.VectorWeight,
            RerankModel = RerankModel(),
        };
    }

    /// <summary>As in Dify, switched on without a model means none.</summary>
    private ModelReference? RerankModel() =>
        RerankingEnable == true && RerankingMode != "weighted_score"
        && RerankingModel is { RerankingProviderName: { Length: > 0 } provider, RerankingModelName: { Length: > 0 } name }
            ? ModelReference.Parse(provider, name)
            : null;
}

internal sealed record RerankingModelRequest(string? RerankingProviderName, string? RerankingModelName);

internal sealed record WeightsRequest(string? WeightType, VectorSettingRequest? VectorSetting);

internal sealed record VectorSettingRequest(double? VectorWeight);

/// <summary>Creating or replacing a document, as the body or as the field <c>data</c> of a form.</summary>
internal sealed record DocumentRequest
{
    public string? Name { get; init; }

    public string? Text { get; init; }

    public string? IndexingTechnique { get; init; }

    public string? DocForm { get; init; }

    public ProcessRuleRequest? ProcessRule { get; init; }

    public RetrievalModelRequest? RetrievalModel { get; init; }

    public string? EmbeddingModel { get; init; }

    public string? EmbeddingModelProvider { get; init; }

    public Guid? OriginalDocumentId { get; init; }

    /// <param name="usual">The rule where the request names none.</param>
    public NewDocuments ToNewDocuments(ProcessRule usual)
    {
        if (DocForm is not (null or "text_model"))
        {
            throw DifyException.Invalid("doc_form must be 'text_model'.");
        }

        return new NewDocuments
        {
            ProcessRule = ProcessRule?.ToRule() ?? usual,
            IndexingTechnique = WireNames.ParseOrNull<IndexingTechnique>(IndexingTechnique, "indexing_technique"),
            EmbeddingModel = EmbeddingModel,
            EmbeddingProvider = EmbeddingModelProvider,
            Retrieval = RetrievalModel?.ToSettings(),
            CreatedFrom = "api",
        };
    }

    /// <summary>The field <c>data</c> of a form; nothing there means no settings.</summary>
    public static DocumentRequest Parse(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return new DocumentRequest();
        }

        try
        {
            return JsonSerializer.Deserialize<DocumentRequest>(json, JsonDefaults.Wire) ?? new DocumentRequest();
        }
        catch (JsonException)
        {
            throw DifyException.Invalid("The field 'data' is not the JSON object that this endpoint takes.");
        }
    }
}

internal sealed record ProcessRuleRequest(string? Mode, ProcessRulesRequest? Rules)
{
    public ProcessRule ToRule()
    {
        if (Mode is null or "automatic")
        {
            return new ProcessRule();
        }

        if (Mode != "custom")
        {
            throw DifyException.Invalid("process_rule.mode must be 'automatic' or 'custom'.");
        }

        if (Rules?.Segmentation is not { } segmentation)
        {
            throw DifyException.Invalid("process_rule.rules.segmentation is required in mode 'custom'.");
        }

        return new ProcessRule
        {
            Mode = "custom",
            Separator = segmentation.Separator ?? segmentation.Delimiter ?? "\n",
            MaxLength = segmentation.MaxTokens ?? 500,
            Overlap = segmentation.ChunkOverlap ?? 0,
            RemoveExtraSpaces = IsOn("remove_extra_spaces"),
            RemoveUrlsEmails = IsOn("remove_urls_emails"),
        };
    }

    private bool IsOn(string id) => Rules?.PreProcessingRules?.Any(rule => rule?.Id == id && rule.Enabled) == true;
}

internal sealed record ProcessRulesRequest(IReadOnlyList<PreProcessingRule?>? PreProcessingRules, SegmentationRequest? Segmentation);

internal sealed record PreProcessingRule(string? Id, bool Enabled);

internal sealed record SegmentationRequest(string? Separator, string? Delimiter, int? MaxTokens, int? ChunkOverlap);

internal sealed record DocumentIdsRequest(IReadOnlyList<Guid>? DocumentIds);

internal sealed record SegmentsRequest(IReadOnlyList<SegmentRequest>? Segments);

internal sealed record SegmentUpdateRequest(SegmentRequest? Segment);

internal sealed record SegmentRequest(string? Content, string? Answer, IReadOnlyList<string>? Keywords, bool? Enabled);

internal sealed record RetrieveRequest(string? Query, RetrievalModelRequest? RetrievalModel);

internal sealed record RenameDocumentRequest(string? Name);
