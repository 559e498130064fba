using Dify.Core.Common;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Indexing.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dify.Core.Knowledge.Retrieval;

internal static class RetrievalServiceCollectionExtensions
{
    public static IServiceCollection AddRetrieval(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LocalIndexOptions>().Bind(configuration.GetSection("Knowledge:LocalIndex"))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IndexRevisions>();
        services.AddSingleton<ISegmentIndex, LocalSegmentIndex>();
        services.AddSingleton<IReadinessCheck, IndexReadiness>();
        services.AddSingleton<RetrievalLog>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RetrievalLog>());
        services.AddSingleton<Storage.IExpiringRecords, OldRetrievalRecords>();
        services.AddSingleton<FilteredDocuments>();
        services.AddSingleton<Reranking>();
        services.AddSingleton<Retriever>();
        return services;
    }
}
