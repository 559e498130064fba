using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Jobs;

/// <summary>Section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>Whether this process runs jobs; false (<c>MODE=web</c>) only queues them for a worker.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Jobs that run side by side in this process.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;
}
