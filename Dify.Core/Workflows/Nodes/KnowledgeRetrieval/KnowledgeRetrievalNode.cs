using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Prompts;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.KnowledgeRetrieval;

/// <summary>Finds passages in knowledge bases.</summary>
internal sealed class KnowledgeRetrievalNode(Retriever retriever, RetrievalModels models) : INode
{
    private const string ErrorType = "KnowledgeRetrievalNodeError";

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(KnowledgeRetrievalSettings.Read);
        var query = QueryOf(settings, run.Variables);
        run.Variables.TryGet(settings.AttachmentSelector, out var attachments);
        var inputs = new JsonObject { ["query"] = query, ["attachments"] = attachments?.DeepClone() };
        if (settings.Shared?.RerankModel is { } rerank)
        {
            await models.RequireRerankAsync(rerank, run, inputs, stop);
        }

        var usage = ModelUsage.None;
        IReadOnlyList<RetrievedSegment> found = [];
        if (query.Length > 0 && settings.KnowledgeBaseIds.Length > 0)
        {
            (found, usage) = await FindAsync(settings, run, query, inputs, stop);
        }

        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = inputs,
            ProcessData = new JsonObject { ["usage"] = PromptLog.Usage(usage) },
            Outputs = new JsonObject { ["result"] = new JsonArray([.. found.Select(ToPassage)]) },
            Metadata = usage.TotalTokens > 0 ? PromptLog.Metadata(usage) : [],
        });
    }

    private static string QueryOf(KnowledgeRetrievalSettings settings, VariablePool variables)
    {
        if (settings.QuerySelector.Length == 0 || !variables.TryGet(settings.QuerySelector, out var value) || value is null)
        {
            return "";
        }

        return value is JsonValue text && text.GetValueKind() == JsonValueKind.String
            ? text.GetValue<string>()
            : throw new NodeFailedException("Query variable is not string type.", ErrorType);
    }

    private async ValueTask<(IReadOnlyList<RetrievedSegment> Found, ModelUsage Usage)> FindAsync(
        KnowledgeRetrievalSettings settings, NodeRun run, string query, JsonObject inputs, CancellationToken stop)
    {
        var usage = ModelUsage.None;
        IReadOnlyList<Guid> bases = settings.KnowledgeBaseIds;
        if (settings.IsSingle)
        {
            var known = await retriever.DescribeAsync(run.Context.WorkspaceId, bases, stop);
            if (known.Count > 1)
            {
                (var chosen, usage) = await models.ChooseBaseAsync(settings.RouterModel, run, query, known, inputs, stop);
                bases = chosen is { } one ? [one] : [];
            }
        }

        var filter = settings.Metadata == MetadataMode.Manual
            ? new MetadataFilter(settings.IsAnyCondition, [.. settings.Conditions.Select(condition => Resolve(condition, run.Variables))])
            : null;
        if (settings.Metadata == MetadataMode.Automatic)
        {
            (var conditions, var spent) = await models.MakeConditionsAsync(settings.MetadataModel, run, query, inputs, stop);
            usage = usage.TotalTokens == 0 ? spent : usage with { TotalTokens = usage.TotalTokens + spent.TotalTokens };
            filter = conditions.Count > 0 ? new MetadataFilter(IsAny: true, conditions) : null;
        }

        try
        {
            var found = await retriever.RetrieveAsync(
                new RetrievalQuery
                {
                    WorkspaceId = run.Context.WorkspaceId,
                    KnowledgeBaseIds = bases,
                    Text = query,
                    Settings = settings.Shared,
                    TopK = settings.TopK,
                    ScoreThreshold = settings.ScoreThreshold,
                    Filter = filter,
                    SkipsMissing = true,
                },
                stop);
            return (found, usage);
        }
        catch (DifyException problem)
        {
            throw ModelFailures.ToFailure(problem, inputs, []);
        }
    }

    /// <summary>A reference keeps the type of its value; line breaks in texts become spaces, as in Dify.</summary>
    private static MetadataCondition Resolve(MetadataCondition condition, VariablePool variables)
    {
        if (condition.Value?.GetValueKind() != JsonValueKind.String)
        {
            return condition;
        }

        var template = ReferenceTemplate.Parse(condition.Value.GetValue<string>());
        if (template.Segments is [{ Selector: { } selector }] && variables.TryGet(selector, out var value))
        {
            return value?.GetValueKind() switch
            {
                JsonValueKind.Number or JsonValueKind.Array => condition with { Value = value.DeepClone() },
                null => condition with { Value = null },
                JsonValueKind.String => condition with { Value = Clean(value.GetValue<string>()) },
                _ => throw new NodeFailedException("Invalid expected metadata value type", ErrorType),
            };
        }

        return condition with { Value = Clean(template.Render(variables)) };
    }

    private static string Clean(string text) => string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).Trim();

    private static JsonObject ToPassage(RetrievedSegment segment, int index) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["_source"] = "knowledge",
            ["dataset_id"] = segment.KnowledgeBaseId.ToString(),
            ["dataset_name"] = segment.KnowledgeBaseName,
            ["document_id"] = segment.DocumentId.ToString(),
            ["document_name"] = segment.DocumentName,
            ["data_source_type"] = "upload_file",
            ["segment_id"] = segment.SegmentId.ToString(),
            ["retriever_from"] = "workflow",
            ["score"] = segment.Score,
            ["child_chunks"] = new JsonArray(),
            ["segment_hit_count"] = segment.HitCount,
            ["segment_word_count"] = segment.WordCount,
            ["segment_position"] = segment.SegmentPosition,
            ["segment_index_node_hash"] = null,
            ["doc_metadata"] = new JsonObject(),
            ["position"] = index + 1,
        },
        ["title"] = segment.DocumentName,
        ["files"] = new JsonArray(),
        ["content"] = segment.Content,
        ["summary"] = null,
    };
}
