using System.Text.Json.Nodes;
using Dify.Core.Accounts;
using Dify.Core.Workflows.Drafts;

namespace Dify.Web.Endpoints;

/// <summary>A draft or a version as Dify's console shows it; secrets are masked.</summary>
internal sealed record WorkflowResponse
{
    public required Guid Id { get; init; }

    public required JsonObject Graph { get; init; }

    public required JsonObject Features { get; init; }

    public required string Hash { get; init; }

    /// <summary><c>draft</c>, or when the version was published.</summary>
    public required string Version { get; init; }

    /// <summary>Ours: what a change of the draft names; null for versions.</summary>
    public int? Revision { get; init; }

    public string MarkedName { get; init; } = "";

    public string MarkedComment { get; init; } = "";

    public AccountName? CreatedBy { get; init; }

    public required long CreatedAt { get; init; }

    public AccountName? UpdatedBy { get; init; }

    public required long UpdatedAt { get; init; }

    public bool ToolPublished { get; }

    public required JsonArray EnvironmentVariables { get; init; }

    public required JsonArray ConversationVariables { get; init; }

    public IReadOnlyList<string> RagPipelineVariables { get; } = [];

    public static WorkflowResponse From(WorkflowDraft draft, AccountName? by) => new()
    {
        Id = draft.AppId,
        Graph = draft.Content.Graph,
        Features = draft.Content.Features,
        Hash = draft.Hash,
        Version = "draft",
        Revision = draft.Revision,
        CreatedBy = by,
        CreatedAt = draft.CreatedAt.ToUnixTimeSeconds(),
        UpdatedBy = by,
        UpdatedAt = draft.UpdatedAt.ToUnixTimeSeconds(),
        EnvironmentVariables = WorkflowVariableJson.Write(draft.Content.EnvironmentVariables, "env"),
        ConversationVariables = WorkflowVariableJson.Write(draft.Content.ConversationVariables, "conversation"),
    };

    public static WorkflowResponse From(WorkflowVersion version, AccountName? by)
    {
        var content = version.ReadMasked();
        return new WorkflowResponse
        {
            Id = version.Id,
            Graph = content.Graph,
            Features = content.Features,
            Hash = version.Hash,
            Version = version.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture),
            MarkedName = version.Name,
            MarkedComment = version.Note,
            CreatedBy = by,
            CreatedAt = version.CreatedAt.ToUnixTimeSeconds(),
            UpdatedBy = by,
            UpdatedAt = version.UpdatedAt.ToUnixTimeSeconds(),
            EnvironmentVariables = WorkflowVariableJson.Write(content.EnvironmentVariables, "env"),
            ConversationVariables = WorkflowVariableJson.Write(content.ConversationVariables, "conversation"),
        };
    }
}

/// <summary>What a saved draft answers.</summary>
internal sealed record SavedWorkflowResponse(string Result, string Hash, int Revision, long UpdatedAt)
{
    public static SavedWorkflowResponse From(WorkflowDraft draft) =>
        new("success", draft.Hash, draft.Revision, draft.UpdatedAt.ToUnixTimeSeconds());
}
