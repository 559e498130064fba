using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Runs;

/// <summary>A wish to run a version of a workflow. Whoever asks has been let in already.</summary>
public sealed record WorkflowRunRequest
{
    public required Guid WorkspaceId { get; init; }

    public required Guid AppId { get; init; }

    public required Guid VersionId { get; init; }

    /// <summary>End user or member, as text (<c>sys.user_id</c>).</summary>
    public required string UserId { get; init; }

    /// <summary><c>service-api</c>, <c>web-app</c> or <c>debugger</c>.</summary>
    public required string InvokeFrom { get; init; }

    public RunTrigger Trigger { get; init; } = RunTrigger.App;

    /// <summary>As the caller gave them; checked against the start node's form.</summary>
    public JsonObject Inputs { get; init; } = [];

    /// <summary>Files of the run as a whole (<c>sys.files</c>), as the caller named them; checked by the app's <c>file_upload</c> feature.</summary>
    public JsonArray? Files { get; init; }

    /// <summary>Who asks, as <c>workflow_finished</c> tells: <c>{id, user}</c> of an end user, <c>{id, name, email}</c> of a member.</summary>
    public JsonObject CreatedBy { get; init; } = [];

    /// <summary>Somebody will watch the events; without, none are made.</summary>
    public bool Watched { get; init; } = true;
}
