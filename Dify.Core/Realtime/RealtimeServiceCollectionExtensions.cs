using Dify.Core.Realtime.InProcess;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Realtime;

internal static class RealtimeServiceCollectionExtensions
{
    public static IServiceCollection AddRealtime(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IRunEventLog, InProcessRunEventLog>();
        services.AddSingleton<IStopSignals, InProcessStopSignals>();
        return services;
    }
}
