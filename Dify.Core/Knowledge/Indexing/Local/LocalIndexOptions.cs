using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>Section <c>Knowledge:LocalIndex</c>.</summary>
internal sealed class LocalIndexOptions
{
    /// <summary>
    /// Megabytes that the indexes of all knowledge bases may hold together; the longest unused are dropped and read
    /// again from the store when they are next searched. 0: a third of the memory that the process may use.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MemoryLimitMegabytes { get; set; }

    public long LimitBytes => MemoryLimitMegabytes > 0
        ? MemoryLimitMegabytes * 1024L * 1024L
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3;
}
