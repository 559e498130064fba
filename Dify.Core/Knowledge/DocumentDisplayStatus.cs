namespace Dify.Core.Knowledge;

/// <summary>What a list shows of a document (<c>display_status</c>): archived wins over all.</summary>
public enum DocumentDisplayStatus
{
    Queuing,
    Indexing,
    Paused,
    Error,
    Available,
    Disabled,
    Archived,
}
