using Dify.Core.Common;

namespace Dify.Core.Jobs;

internal sealed class QueueReadiness(JobQueue queue) : IReadinessCheck
{
    public string Name => "queue";

    public async Task<string?> CheckAsync(CancellationToken cancellationToken) =>
        await queue.IsReadyAsync(cancellationToken) ? null : "The job queue's store cannot be reached.";
}
