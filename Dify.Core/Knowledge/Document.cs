using Dify.Core.Knowledge.Chunking;

namespace Dify.Core.Knowledge;

/// <summary>A document and where its indexing stands.</summary>
public sealed class Document
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid KnowledgeBaseId { get; init; }

    /// <summary>1, 2, 3, … in the order of adding.</summary>
    public int Position { get; init; }

    public required string Name { get; set; }

    /// <summary>Groups the documents of one upload; asked for in <c>indexing-status</c>.</summary>
    public required string Batch { get; set; }

    /// <summary>The file that holds the content; text that came by API or page is stored as a file too.</summary>
    public Guid? FileId { get; set; }

    public required ProcessRule ProcessRule { get; set; }

    public IndexingStatus IndexingStatus { get; set; } = IndexingStatus.Waiting;

    /// <summary>Why it failed, in words for a person; null otherwise.</summary>
    public string? Error { get; set; }

    /// <summary>Asked to pause: the job stops at the next stage or batch.</summary>
    public bool IsPaused { get; set; }

    public bool Enabled { get; set; } = true;

    public bool Archived { get; set; }

    public int WordCount { get; set; }

    public int Tokens { get; set; }

    public int SegmentCount { get; set; }

    public int CompletedSegments { get; set; }

    public int HitCount { get; set; }

    /// <summary><c>web</c> or <c>api</c>.</summary>
    public string CreatedFrom { get; init; } = "web";

    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? ProcessingStartedAt { get; set; }

    public DateTimeOffset? ParsingCompletedAt { get; set; }

    public DateTimeOffset? CleaningCompletedAt { get; set; }

    public DateTimeOffset? SplittingCompletedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset? StoppedAt { get; set; }

    public DateTimeOffset? PausedAt { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    public Guid? DisabledBy { get; set; }

    /// <summary>
    /// Counts up with every job that is asked for. A job writes only while its own number stands here, so one that was
    /// overtaken (pause, delete, another rule, a second worker) ends without a trace.
    /// </summary>
    public int JobNumber { get; set; } = 1;

    /// <summary>Starts of a job since someone last asked for one: a document that kills its reader is given up.</summary>
    public int Attempts { get; set; }

    public DocumentDisplayStatus DisplayStatus => this switch
    {
        { Archived: true } => DocumentDisplayStatus.Archived,
        { IndexingStatus: IndexingStatus.Error } => DocumentDisplayStatus.Error,
        { IndexingStatus: IndexingStatus.Completed, Enabled: true } => DocumentDisplayStatus.Available,
        { IndexingStatus: IndexingStatus.Completed } => DocumentDisplayStatus.Disabled,
        { IsPaused: true } or { IndexingStatus: IndexingStatus.Paused } => DocumentDisplayStatus.Paused,
        { IndexingStatus: IndexingStatus.Waiting } => DocumentDisplayStatus.Queuing,
        _ => DocumentDisplayStatus.Indexing,
    };
}
