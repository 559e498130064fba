using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Dify.Core.Workflows.Forms;

/// <summary>Closes forms that nobody answered in time, each minute, and lets their runs take the way for that.</summary>
internal sealed class FormExpiry(IDbContextFactory<DifyDbContext> contexts, WorkflowRunService runs, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private const int AtOnce = 200;

    /// <returns>How many were closed.</returns>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var closed = new List<Guid>();
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var forms = db.HumanInputForms;
            var due = await forms.Where(form => form.Status == HumanInputFormStatus.Waiting && form.ExpiresAt <= now)
                .OrderBy(form => form.ExpiresAt).Take(AtOnce).Select(form => new { form.Id, form.RunId }).ToListAsync(cancellationToken);
            foreach (var form in due)
            {
                var rows = await forms.Where(f => f.Id == form.Id && f.Status == HumanInputFormStatus.Waiting)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(f => f.Status, HumanInputFormStatus.Expired).SetProperty(f => f.ClosedAt, now),
                        cancellationToken);
                if (rows == 1)
                {
                    closed.Add(form.RunId);
                }
            }
        }

        foreach (var runId in closed.Distinct())
        {
            await runs.ResumeAsync(runId, cancellationToken);
        }

        return closed.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            // A store that is away for a moment must not end this loop; the next tick tries again.
            await ((Task)ExpireAsync(stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
