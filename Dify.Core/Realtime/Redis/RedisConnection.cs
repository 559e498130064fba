using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Dify.Core.Realtime.Redis;

/// <summary>The one connection to Redis, made when first needed. It reconnects by itself.</summary>
internal sealed class RedisConnection(IOptions<RealtimeOptions> options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1);
    private ConnectionMultiplexer? _connection;

    public async ValueTask<IDatabase> GetDatabaseAsync() => (await ConnectAsync()).GetDatabase();

    public async ValueTask<ISubscriber> GetSubscriberAsync() => (await ConnectAsync()).GetSubscriber();

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _connecting.Dispose();
    }

    private async ValueTask<ConnectionMultiplexer> ConnectAsync()
    {
        if (Volatile.Read(ref _connection) is { } ready)
        {
            return ready;
        }

        await _connecting.WaitAsync();
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(Configure(options.Value));
        }
        finally
        {
            _connecting.Release();
        }
    }

    private static ConfigurationOptions Configure(RealtimeOptions options)
    {
        if (options.Redis.Length > 0)
        {
            return ConfigurationOptions.Parse(options.Redis);
        }

        return new ConfigurationOptions
        {
            EndPoints = { { options.RedisHost, options.RedisPort } },
            User = options.RedisUsername.Length > 0 ? options.RedisUsername : null,
            Password = options.RedisPassword.Length > 0 ? options.RedisPassword : null,
            Ssl = options.RedisUseSsl,
            DefaultDatabase = options.RedisDatabase,
        };
    }
}
