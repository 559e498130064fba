using Dify.Core.Common;

namespace Dify.Core.Knowledge.Indexing;

internal sealed class IndexReadiness(ISegmentIndex index) : IReadinessCheck
{
    public string Name => "index";

    public async Task<string?> CheckAsync(CancellationToken cancellationToken = default) =>
        await index.IsReadyAsync(cancellationToken) ? null : "The search index does not answer.";
}
