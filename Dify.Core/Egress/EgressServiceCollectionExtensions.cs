using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Egress;

internal static class EgressServiceCollectionExtensions
{
    public static IServiceCollection AddEgress(this IServiceCollection services, IConfiguration configuration)
    {
        return services;
    }
}
