using System.Globalization;
using Quartz;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>The queue's handle on one run of <see cref="DocumentIndexer"/>.</summary>
internal sealed class IndexDocumentJob(DocumentIndexer indexer) : IJob
{
    public const string DocumentId = "document";
    public const string JobNumber = "number";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var data = context.MergedJobDataMap;
        var documentId = Guid.Parse(data[DocumentId]!.ToString()!);
        var number = int.Parse(data[JobNumber]!.ToString()!, CultureInfo.InvariantCulture);
        await indexer.RunAsync(documentId, number, cancellationToken);
    }
}
