namespace Dify.Core.Knowledge;

/// <summary>Stages of indexing, in order; <see cref="Error"/> and <see cref="Paused"/> stand beside them.</summary>
public enum IndexingStatus
{
    Waiting,
    Parsing,
    Cleaning,
    Splitting,
    Indexing,
    Completed,
    Error,
    Paused,
}
