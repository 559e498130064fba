using Dify.Core.Realtime;
using Dify.Core.Realtime.Redis;

namespace Dify.Tests.Realtime;

public sealed class RedisRunEventLogTests : RunEventLogContract, IAsyncDisposable
{
    private RedisConnection? _connection;

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal override ValueTask<IRunEventLog> OpenAsync()
    {
        _connection = new RedisConnection(TestRedis.Options);
        return ValueTask.FromResult<IRunEventLog>(new RedisRunEventLog(_connection, TimeProvider.System));
    }
}
