namespace Dify.Core.Apps.Transfer;

/// <summary>How an import ended, in Dify's words on the wire (<see cref="ImportStatuses.ToWire"/>).</summary>
public enum ImportStatus
{
    Completed,

    /// <summary>The file is of an older version than this program writes.</summary>
    CompletedWithWarnings,

    /// <summary>The file is newer or much older: the person has to agree first.</summary>
    Pending,

    Failed,
}

public static class ImportStatuses
{
    /// <summary>The version of app files that this program writes.</summary>
    public const string CurrentVersion = DslVersion.Current;

    public static string ToWire(this ImportStatus status) => status switch
    {
        ImportStatus.Completed => "completed",
        ImportStatus.CompletedWithWarnings => "completed-with-warnings",
        ImportStatus.Pending => "pending",
        ImportStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
