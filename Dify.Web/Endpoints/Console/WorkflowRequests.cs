using System.Text.Json.Nodes;
using Dify.Core.Workflows.Drafts;

namespace Dify.Web.Endpoints;

/// <summary>The draft as Dify's editor sends it.</summary>
internal sealed record SaveWorkflowRequest
{
    public JsonObject? Graph { get; init; }

    public JsonObject? Features { get; init; }

    public string? Hash { get; init; }

    /// <summary>Ours, next to the hash.</summary>
    public int? Revision { get; init; }

    public JsonArray? EnvironmentVariables { get; init; }

    public JsonArray? ConversationVariables { get; init; }
}

/// <summary>Small steps on the graph of a draft.</summary>
internal sealed record ChangeWorkflowRequest
{
    public int? Revision { get; init; }

    public IReadOnlyList<GraphChange>? Changes { get; init; }
}

/// <summary>What is said of a version.</summary>
internal sealed record VersionRequest
{
    public string? MarkedName { get; init; }

    public string? MarkedComment { get; init; }
}
