using System.Threading.Channels;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Models.Calls;

/// <summary>
/// Writes calls in batches behind the requests: at least every half second, 200 rows at most at once, and what is left
/// when the program stops. A full queue drops the newest rather than slow a request down; the loss is logged.
/// </summary>
internal sealed partial class ModelCallLog(
    WriteBatcher writes, TimeProvider time, ILogger<ModelCallLog> logger) : BackgroundService
{
    public const int BatchSize = 200;

    public static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    private readonly Channel<ModelCall> _queue = Channel.CreateBounded<ModelCall>(
        new BoundedChannelOptions(50_000) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public void Add(ModelCall call)
    {
        if (!_queue.Writer.TryWrite(call))
        {
            LogDropped(call.Provider);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);

        // A program that stops while it starts never ran the loop; what was added meanwhile is written here.
        var rest = new List<ModelCall>(BatchSize);
        for (Drain(rest); rest.Count > 0; Drain(rest))
        {
            await WriteAsync(rest);
            rest.Clear();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Ends when the queue is completed and empty, not with the stopping token: the last calls are written too.
        var batch = new List<ModelCall>(BatchSize);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await GatherAsync(batch, stoppingToken);
            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task GatherAsync(List<ModelCall> batch, CancellationToken stoppingToken)
    {
        Drain(batch);
        if (batch.Count < BatchSize && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(FlushInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Drain(batch);
        }
    }

    private void Drain(List<ModelCall> batch)
    {
        while (batch.Count < BatchSize && _queue.Reader.TryRead(out var call))
        {
            batch.Add(call);
        }
    }

    private async Task WriteAsync(List<ModelCall> batch)
    {
        try
        {
            // Through the group commit: a writer of its own would make answers wait for the store's lock.
            await writes.AddAsync([.. batch]);
        }
        catch (Exception failure) when (failure is DbUpdateException or System.Data.Common.DbException or InvalidOperationException)
        {
            LogNotWritten(failure, batch.Count);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The queue of model calls is full; a call to {Provider} is not recorded")]
    private partial void LogDropped(string provider);

    [LoggerMessage(LogLevel.Error, "{Count} model calls could not be recorded")]
    private partial void LogNotWritten(Exception exception, int count);
}
