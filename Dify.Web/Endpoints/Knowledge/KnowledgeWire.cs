using System.Security.Cryptography;
using System.Text;
using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;

namespace Dify.Web.Endpoints;

/// <summary>Dify's shapes of knowledge bases, documents and segments.</summary>
internal static class KnowledgeWire
{
    private const string TextModel = "text_model";
    private const string UploadFile = "upload_file";

    public static object Dataset(KnowledgeSummary summary, string? author, bool embeddingAvailable)
    {
        var knowledge = summary.KnowledgeBase;
        return new
        {
            knowledge.Id,
            knowledge.Name,
            knowledge.Description,
            Provider = "vendor",
            Permission = knowledge.Permission.Wire(),
            DataSourceType = summary.DocumentCount > 0 ? UploadFile : null,
            IndexingTechnique = knowledge.IndexingTechnique?.Wire(),
            AppCount = 0,
            summary.DocumentCount,
            summary.WordCount,
            knowledge.CreatedBy,
            AuthorName = author,
            CreatedAt = Seconds(knowledge.CreatedAt),
            UpdatedBy = knowledge.CreatedBy,
            UpdatedAt = Seconds(knowledge.UpdatedAt),
            knowledge.EmbeddingModel,
            EmbeddingModelProvider = knowledge.EmbeddingProvider,
            EmbeddingAvailable = embeddingAvailable,
            RetrievalModelDict = Retrieval(knowledge.Retrieval),
            Tags = Array.Empty<object>(),
            DocForm = TextModel,
            ExternalKnowledgeInfo = (object?)null,
            ExternalRetrievalModel = (object?)null,
            DocMetadata = Array.Empty<object>(),
            BuiltInFieldEnabled = false,
            PipelineId = (string?)null,
            RuntimeMode = "general",
            ChunkStructure = (string?)null,
            IconInfo = (object?)null,
            SummaryIndexSetting = (object?)null,
            IsPublished = false,
            TotalDocuments = summary.DocumentCount,
            TotalAvailableDocuments = summary.AvailableDocumentCount,
            EnableApi = knowledge.ApiEnabled,
            IsMultimodal = false,
            Maintainer = author,
            PartialMemberList = summary.PartialMembers,
        };
    }

    public static object Document(Document document, UploadedFile? file) => new
    {
        document.Id,
        document.Position,
        DataSourceType = UploadFile,
        DataSourceInfo = new { UploadFileId = document.FileId },
        DataSourceDetailDict = new { UploadFile = File(file) },
        DatasetProcessRuleId = document.Id,
        document.Name,
        document.CreatedFrom,
        document.CreatedBy,
        CreatedAt = Seconds(document.CreatedAt),
        document.Tokens,
        IndexingStatus = document.IndexingStatus.Wire(),
        document.Error,
        document.Enabled,
        DisabledAt = Seconds(document.DisabledAt),
        document.DisabledBy,
        document.Archived,
        DisplayStatus = document.DisplayStatus.Wire(),
        document.WordCount,
        document.HitCount,
        DocForm = TextModel,
        DocMetadata = Array.Empty<object>(),
        SummaryIndexStatus = (string?)null,
        NeedSummary = false,
    };

    public static object Detail(Document document, UploadedFile? file) => new
    {
        document.Id,
        document.Position,
        DataSourceType = UploadFile,
        DataSourceInfo = new { UploadFile = File(file) },
        DatasetProcessRuleId = document.Id,
        DatasetProcessRule = Rule(document.ProcessRule),
        DocumentProcessRule = Rule(document.ProcessRule),
        document.Name,
        document.CreatedFrom,
        document.CreatedBy,
        CreatedAt = Seconds(document.CreatedAt),
        document.Tokens,
        IndexingStatus = document.IndexingStatus.Wire(),
        document.Error,
        CompletedAt = Seconds(document.CompletedAt),
        UpdatedAt = Seconds(document.UpdatedAt),
        IndexingLatency = (document.CompletedAt - document.ProcessingStartedAt)?.TotalSeconds,
        document.Enabled,
        DisabledAt = Seconds(document.DisabledAt),
        document.DisabledBy,
        document.Archived,
        DisplayStatus = document.DisplayStatus.Wire(),
        document.SegmentCount,
        AverageSegmentLength = document.SegmentCount == 0 ? 0 : (double)document.WordCount / document.SegmentCount,
        document.WordCount,
        document.HitCount,
        DocForm = TextModel,
        DocLanguage = "English",
        DocType = (string?)null,
        DocMetadata = Array.Empty<object>(),
        SummaryIndexStatus = (string?)null,
        NeedSummary = false,
    };

    public static object Status(Document document) => new
    {
        document.Id,
        IndexingStatus = document.IndexingStatus.Wire(),
        ProcessingStartedAt = Seconds(document.ProcessingStartedAt),
        ParsingCompletedAt = Seconds(document.ParsingCompletedAt),
        CleaningCompletedAt = Seconds(document.CleaningCompletedAt),
        SplittingCompletedAt = Seconds(document.SplittingCompletedAt),
        CompletedAt = Seconds(document.CompletedAt),
        PausedAt = Seconds(document.PausedAt),
        document.Error,
        StoppedAt = Seconds(document.StoppedAt),
        document.CompletedSegments,
        TotalSegments = document.SegmentCount,
    };

    public static object Segment(Segment segment, Document document) => new
    {
        segment.Id,
        segment.Position,
        segment.DocumentId,
        segment.Content,
        SignContent = segment.Content,
        Answer = (string?)null,
        segment.WordCount,
        segment.Tokens,
        segment.Keywords,
        IndexNodeId = segment.Id,
        IndexNodeHash = Hash(segment.Content),
        segment.HitCount,
        segment.Enabled,
        DisabledAt = segment.Enabled ? null : Seconds((DateTimeOffset?)segment.UpdatedAt),
        DisabledBy = (Guid?)null,
        Status = segment.CompletedAt is null ? "waiting" : "completed",
        document.CreatedBy,
        CreatedAt = Seconds(segment.CreatedAt),
        UpdatedAt = Seconds(segment.UpdatedAt),
        UpdatedBy = document.CreatedBy,
        IndexingAt = Seconds(segment.CreatedAt),
        CompletedAt = Seconds(segment.CompletedAt),
        Error = (string?)null,
        StoppedAt = (long?)null,
        ChildChunks = Array.Empty<object>(),
        Attachments = Array.Empty<object>(),
        Summary = (string?)null,
    };

    public static object Hit(RetrievedSegment hit, Segment? segment) => new
    {
        Segment = new
        {
            Id = hit.SegmentId,
            Position = hit.SegmentPosition,
            hit.DocumentId,
            hit.Content,
            SignContent = hit.Content,
            Answer = (string?)null,
            hit.WordCount,
            hit.Tokens,
            hit.Keywords,
            IndexNodeId = hit.SegmentId,
            IndexNodeHash = Hash(hit.Content),
            hit.HitCount,
            Enabled = true,
            DisabledAt = (long?)null,
            DisabledBy = (Guid?)null,
            Status = "completed",
            CreatedBy = (Guid?)null,
            CreatedAt = Seconds(segment?.CreatedAt),
            IndexingAt = Seconds(segment?.CreatedAt),
            CompletedAt = Seconds(segment?.CompletedAt),
            Error = (string?)null,
            StoppedAt = (long?)null,
            Document = new
            {
                Id = hit.DocumentId,
                DataSourceType = UploadFile,
                Name = hit.DocumentName,
                DocType = (string?)null,
                DocMetadata = (object?)null,
            },
        },
        ChildChunks = Array.Empty<object>(),
        hit.Score,
        TsnePosition = (object?)null,
        Files = Array.Empty<object>(),
        Summary = (string?)null,
    };

    public static object Rule(ProcessRule rule) => new
    {
        rule.Mode,
        Rules = new
        {
            PreProcessingRules = new object[]
            {
                new { Id = "remove_extra_spaces", Enabled = rule.RemoveExtraSpaces },
                new { Id = "remove_urls_emails", Enabled = rule.RemoveUrlsEmails },
            },
            Segmentation = new { rule.Separator, MaxTokens = rule.MaxLength, ChunkOverlap = rule.Overlap },
        },
    };

    private static object Retrieval(RetrievalSettings settings) => new
    {
        SearchMethod = settings.SearchMethod.Wire(),
        RerankingEnable = settings.RerankModel is not null,
        RerankingMode = settings.RerankModel is not null ? "reranking_model" : settings.SearchMethod == SearchMethod.HybridSearch ? "weighted_score" : null,
        RerankingModel = new
        {
            RerankingProviderName = settings.RerankModel?.Provider ?? "",
            RerankingModelName = settings.RerankModel?.Name ?? "",
        },
        Weights = new
        {
            WeightType = "customized",
            VectorSetting = new { settings.VectorWeight, EmbeddingProviderName = "", EmbeddingModelName = "" },
            KeywordSetting = new { KeywordWeight = Math.Round(1 - settings.VectorWeight, 6) },
        },
        settings.TopK,
        settings.ScoreThresholdEnabled,
        settings.ScoreThreshold,
    };

    private static object? File(UploadedFile? file) => file is null ? null : new
    {
        file.Id,
        file.Name,
        file.Size,
        file.Extension,
        file.MimeType,
        CreatedBy = file.AccountId,
        CreatedAt = Seconds(file.CreatedAt),
    };

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static long Seconds(DateTimeOffset instant) => instant.ToUnixTimeSeconds();

    private static long? Seconds(DateTimeOffset? instant) => instant?.ToUnixTimeSeconds();
}
