using Dify.Core.Common;
using StackExchange.Redis;

namespace Dify.Core.Realtime.Redis;

internal sealed class RedisReadiness(RedisConnection connection) : IReadinessCheck
{
    public string Name => "redis";

    public async Task<string?> CheckAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var database = await connection.GetDatabaseAsync();
            await database.PingAsync().WaitAsync(cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return "Redis does not answer. Check REDIS_HOST, REDIS_PORT and REDIS_PASSWORD.";
        }
    }
}
