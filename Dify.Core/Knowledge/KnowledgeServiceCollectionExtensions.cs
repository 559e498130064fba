using Dify.Core.Files;
using Dify.Core.Knowledge.Extraction;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Ingestion;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Knowledge;

internal static class KnowledgeServiceCollectionExtensions
{
    public static IServiceCollection AddKnowledge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(provider => new KnowledgeService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<FileService>(),
            provider.GetRequiredService<ISegmentIndex>(),
            provider.GetRequiredService<ModelRuntime>(),
            provider.GetRequiredService<IndexingQueue>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DocumentService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<NewDocumentReader>(),
            provider.GetRequiredService<FileService>(),
            provider.GetRequiredService<DocumentReader>(),
            provider.GetRequiredService<ISegmentIndex>(),
            provider.GetRequiredService<IndexingQueue>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SegmentService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<SegmentEmbedder>(),
            provider.GetRequiredService<ISegmentIndex>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<NewDocumentReader>();
        services.AddSingleton<DocumentProgress>();
        services.AddSingleton<IndexingQueue>();
        services.AddSingleton<SegmentEmbedder>();
        services.AddSingleton<DocumentIndexer>();
        services.AddTransient<IndexDocumentJob>();
        services.AddHostedService<IndexingRecovery>();
        services.AddRetrieval(configuration);
        services.AddSingleton<IDocumentExtractor, PlainTextExtractor>();
        services.AddSingleton<IDocumentExtractor, PdfExtractor>();
        services.AddSingleton<IDocumentExtractor, DocxExtractor>();
        services.AddSingleton<IDocumentExtractor, HtmlExtractor>();
        services.AddSingleton<IDocumentExtractor, CsvExtractor>();
        services.AddSingleton<IDocumentExtractor, XlsxExtractor>();
        services.AddSingleton<BoundedReading>();
        services.AddSingleton<DocumentReader>();
        return services;
    }
}
