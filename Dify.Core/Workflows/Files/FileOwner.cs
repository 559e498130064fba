using Dify.Core.Files;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Files;

/// <summary>Who may use a file in a run: one end user or one member of a workspace.</summary>
public sealed record FileOwner(Guid WorkspaceId, Guid? AccountId, Guid? EndUserId)
{
    /// <summary>The user of a run. A run that nobody started (a schedule) has only what runs have made.</summary>
    public static FileOwner Of(RunContext run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Guid? user = Guid.TryParse(run.UserId, out var id) ? id : null;
        return run.InvokeFrom is "debugger" or "explore"
            ? new FileOwner(run.WorkspaceId, user, null)
            : new FileOwner(run.WorkspaceId, null, user);
    }

    /// <summary>Whether the file is this user's, or was made by a run of nobody.</summary>
    public bool Owns(UploadedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.WorkspaceId == WorkspaceId
            && (file.EndUserId is { } endUser ? endUser == EndUserId : file.AccountId is not { } account || account == AccountId);
    }
}
