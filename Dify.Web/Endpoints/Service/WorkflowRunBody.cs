using System.Text.Json.Nodes;

namespace Dify.Web.Endpoints;

/// <summary>Body of <c>POST /v1/workflows/run</c> and of its like in the console.</summary>
internal sealed record WorkflowRunBody
{
    public JsonObject? Inputs { get; init; }

    public string? User { get; init; }

    public string? ResponseMode { get; init; }

    public JsonArray? Files { get; init; }
}
