using Dify.Core.Common;
using Dify.Core.Knowledge;

namespace Dify.Web.Endpoints;

/// <summary>Segments of a document.</summary>
internal static class SegmentEndpoints
{
    public static void MapSegments(this RouteGroupBuilder dataset)
    {
        var segments = dataset.MapGroup("/documents/{documentId:guid}/segments");
        segments.MapGet("", ListAsync);
        segments.MapPost("", AddAsync);
        segments.MapGet("/{segmentId:guid}", GetAsync);
        segments.MapPost("/{segmentId:guid}", UpdateAsync);
        segments.MapPatch("/{segmentId:guid}", UpdateAsync);
        segments.MapDelete("/{segmentId:guid}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Guid datasetId, Guid documentId, DocumentService documents, SegmentService segments,
        string? keyword = null, string? enabled = null, int page = 1, int limit = 20)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var document = await documents.GetAsync(actor, datasetId, documentId, http.RequestAborted);
        bool? only = enabled switch { null or "" or "all" => null, "true" => true, "false" => false, _ => throw DifyException.Invalid("enabled must be 'all', 'true' or 'false'.") };
        var found = await segments.ListAsync(
            actor, datasetId, documentId, new SegmentFilter(keyword, only, page, limit), http.RequestAborted);
        return Results.Json(
            new
            {
                Data = found.Items.Select(segment => KnowledgeWire.Segment(segment, document)),
                DocForm = "text_model",
                found.Total,
                found.HasMore,
                Limit = Math.Clamp(limit, 1, 100),
                Page = Math.Max(page, 1),
            },
            JsonDefaults.Wire);
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, Guid datasetId, Guid documentId, DocumentService documents, SegmentService segments)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var document = await documents.GetAsync(actor, datasetId, documentId, http.RequestAborted);
        var body = await http.Request.ReadAsync<SegmentsRequest>();
        if (body.Segments is not { Count: > 0 } wanted || wanted.Any(s => s is null))
        {
            throw DifyException.Invalid("segments is required: a list of objects with 'content'.");
        }

        var added = await segments.AddAsync(
            actor, datasetId, documentId, [.. wanted.Select(s => new NewSegment(s.Content ?? "", s.Keywords))], http.RequestAborted);
        return Results.Json(
            new { Data = added.Select(segment => KnowledgeWire.Segment(segment, document)), DocForm = "text_model" }, JsonDefaults.Wire);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, Guid datasetId, Guid documentId, Guid segmentId, DocumentService documents, SegmentService segments)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var document = await documents.GetAsync(actor, datasetId, documentId, http.RequestAborted);
        return Answer(await segments.GetAsync(actor, datasetId, documentId, segmentId, http.RequestAborted), document);
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext http, Guid datasetId, Guid documentId, Guid segmentId, DocumentService documents, SegmentService segments)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var document = await documents.GetAsync(actor, datasetId, documentId, http.RequestAborted);
        var wanted = (await http.Request.ReadAsync<SegmentUpdateRequest>()).Segment
            ?? throw DifyException.Invalid("segment is required.");
        var changed = await segments.UpdateAsync(
            actor, datasetId, documentId, segmentId,
            new SegmentChanges(wanted.Content, wanted.Keywords, wanted.Enabled), http.RequestAborted);
        return Answer(changed, document);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, Guid datasetId, Guid documentId, Guid segmentId, SegmentService segments)
    {
        await segments.DeleteAsync(await http.GetKnowledgeActorAsync(), datasetId, documentId, [segmentId], http.RequestAborted);
        return Results.NoContent();
    }

    private static IResult Answer(Segment segment, Document document) => Results.Json(
        new { Data = KnowledgeWire.Segment(segment, document), DocForm = "text_model" }, JsonDefaults.Wire);
}
