using Dify.Core.Realtime.InProcess;
using Dify.Core.Realtime.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Realtime;

internal static class RealtimeServiceCollectionExtensions
{
    public static IServiceCollection AddRealtime(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Realtime");
        services.AddOptions<RealtimeOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        if (section.Get<RealtimeOptions>() is { UsesRedis: true })
        {
            services.AddSingleton<RedisConnection>();
            services.AddSingleton<Common.IReadinessCheck, RedisReadiness>();
            services.AddSingleton<IRunEventLog, RedisRunEventLog>();
            services.AddSingleton<IStopSignals, RedisStopSignals>();
            return services;
        }

        services.AddSingleton<IRunEventLog, InProcessRunEventLog>();
        services.AddSingleton<IStopSignals, InProcessStopSignals>();
        return services;
    }
}
