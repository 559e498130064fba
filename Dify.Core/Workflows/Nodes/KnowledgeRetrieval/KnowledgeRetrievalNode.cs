using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.KnowledgeRetrieval;

/// <summary>Finds passages in knowledge bases.</summary>
internal sealed class KnowledgeRetrievalNode(Retriever retriever) : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(KnowledgeRetrievalSettings.Read);
        var query = "";
        if (settings.QuerySelector.Length > 0)
        {
            if (!run.Variables.TryGet(settings.QuerySelector, out var value) || value is null)
            {
                query = "";
            }
            else if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            {
                query = text.GetValue<string>();
            }
            else
            {
                throw new NodeFailedException("Query variable is not string type.", "KnowledgeRetrievalNodeError");
            }
        }

        var found = query.Length == 0 || settings.KnowledgeBaseIds.Length == 0
            ? []
            : await retriever.RetrieveAsync(
                new RetrievalQuery
                {
                    WorkspaceId = run.Context.WorkspaceId,
                    KnowledgeBaseIds = settings.KnowledgeBaseIds,
                    Text = query,
                    Settings = settings.Retrieval,
                },
                stop);

        var passages = found.Select(ToPassage).ToList();
        if (passages.Count > 0)
        {
            yield return NodeOutput.Found(passages);
        }

        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = new JsonObject { ["query"] = query },
            Outputs = new JsonObject { ["result"] = new JsonArray([.. passages]) },
        });
    }

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
            ["doc_metadata"] = new JsonObject(),
            ["position"] = index + 1,
        },
        ["title"] = segment.DocumentName,
        ["files"] = new JsonArray(),
        ["content"] = segment.Content,
        ["summary"] = null,
    };
}
