using Dify.Core.Knowledge.Retrieval;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Knowledge;

internal static class KnowledgeServiceCollectionExtensions
{
    public static IServiceCollection AddKnowledge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<KnowledgeService>();
        services.AddSingleton<DocumentService>();
        services.AddSingleton<SegmentService>();
        services.AddSingleton<DocumentProgress>();
        services.AddRetrieval(configuration);
        return services;
    }
}
