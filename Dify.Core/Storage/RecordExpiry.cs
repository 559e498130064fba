using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Storage;

/// <summary>
/// Deletes old records once a day, for the first time a few minutes after the start. Several processes may do so: the
/// later one finds nothing. There is no index for it: a scan a day costs less than an index on every write.
/// </summary>
internal sealed partial class RecordExpiry(
    IEnumerable<IExpiringRecords> kinds, IOptions<StorageOptions> options, TimeProvider time, ILogger<RecordExpiry> logger)
    : BackgroundService
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    public async Task<int> SweepAsync(CancellationToken cancellationToken = default)
    {
        if (options.Value.RecordRetentionDays == 0)
        {
            return 0;
        }

        var before = time.GetUtcNow().AddDays(-options.Value.RecordRetentionDays);
        var deleted = 0;
        foreach (var kind in kinds)
        {
            deleted += await kind.DeleteAsync(before, cancellationToken);
        }

        return deleted;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = AfterStart; ; wait = Pause)
        {
            await Task.Delay(wait, time, stoppingToken);
            try
            {
                LogDeleted(await SweepAsync(stoppingToken), options.Value.RecordRetentionDays);
            }
            catch (System.Data.Common.DbException failure)
            {
                // Tomorrow is early enough.
                LogFailed(failure);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Deleted {Count} records older than {Days} days")]
    private partial void LogDeleted(int count, int days);

    [LoggerMessage(LogLevel.Warning, "Old records could not be deleted; the next try is tomorrow")]
    private partial void LogFailed(Exception exception);
}
