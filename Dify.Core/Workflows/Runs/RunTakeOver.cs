using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// Goes on with runs that nobody works on: left behind by a process that is gone, or paused and now answered. A run is
/// claimed by counting its life up, which only one process can do.
/// </summary>
internal sealed partial class RunTakeOver(
    IDbContextFactory<DifyDbContext> contexts, LiveRuns live, IEnumerable<IRunContinuation> continuations, IRunEventLog events,
    TimeProvider time, ILogger<RunTakeOver> logger)
{
    /// <summary>A run that brought no node to its end in so many lives ends every program that it runs in.</summary>
    public const int MostStalls = 5;

    private const int AtOnce = 100;

    /// <summary>Takes over runs that have shown no life since <paramref name="since"/>.</summary>
    /// <returns>How many were taken over or given up.</returns>
    public async Task<int> TakeOverAsync(DateTimeOffset since, CancellationToken cancellationToken = default)
    {
        List<WorkflowRun> silent;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            silent = await db.WorkflowRuns.AsNoTracking()
                .Where(run => run.Status == RunStatus.Running && run.AliveAt <= since)
                .OrderBy(run => run.AliveAt).Take(AtOnce).ToListAsync(cancellationToken);
        }

        var taken = 0;
        foreach (var run in silent)
        {
            if (!live.Contains(run.Id) && await ClaimAsync(run, since, cancellationToken))
            {
                taken++;
                LogTakenOver(run.Id, run.Life);
                await (run.Stalls > MostStalls
                    ? FailAsync(run, $"The run was given up: it was begun {run.Life} times, and the last {MostStalls} times the program ended before a further step was done.")
                    : GoOnAsync(run, cancellationToken));
            }
        }

        return taken;
    }

    /// <summary>Lets a paused run go on; false when it is not paused.</summary>
    public async Task<bool> ResumeAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        WorkflowRun? run;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            var runs = db.WorkflowRuns;
            var claimed = await runs.Where(r => r.Id == runId && r.Status == RunStatus.Paused)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.Status, RunStatus.Running).SetProperty(r => r.Life, r => r.Life + 1)
                        .SetProperty(r => r.Stalls, 0).SetProperty(r => r.AliveAt, now),
                    cancellationToken);
            run = claimed == 0 ? null : await runs.AsNoTracking().FirstOrDefaultAsync(r => r.Id == runId, cancellationToken);
        }

        if (run is null)
        {
            return false;
        }

        // The claim stands, so whoever asked must not take the run down by leaving.
        await GoOnAsync(run, CancellationToken.None);
        return true;
    }

    /// <summary>
    /// Lets paused runs go on whose form is closed while their node has not gone on: the answer came before the pause
    /// was stored, or the process that took it is gone.
    /// </summary>
    /// <param name="onlyRunId">Look at this run only.</param>
    public async Task<int> ResumeAnsweredAsync(Guid? onlyRunId = null, CancellationToken cancellationToken = default)
    {
        List<Guid> answered;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var (forms, nodes) = (db.HumanInputForms, db.NodeExecutions);
            var paused = db.WorkflowRuns.Where(run => run.Status == RunStatus.Paused);
            if (onlyRunId is { } id)
            {
                paused = paused.Where(run => run.Id == id);
            }

            answered = await paused
                .Where(run => forms.Any(form => form.RunId == run.Id
                    && (form.Status == HumanInputFormStatus.Submitted || form.Status == HumanInputFormStatus.Expired)
                    && !nodes.Any(node => node.RunId == run.Id && node.NodeId == form.NodeId && node.Path == form.Path)))
                .OrderBy(run => run.AliveAt).Select(run => run.Id).Take(AtOnce).ToListAsync(cancellationToken);
        }

        var resumed = 0;
        foreach (var runId in answered)
        {
            resumed += await ResumeAsync(runId, cancellationToken) ? 1 : 0;
        }

        return resumed;
    }

    private async Task<bool> ClaimAsync(WorkflowRun run, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = db.WorkflowRuns;
        var now = time.GetUtcNow();
        var (seenLife, stalls) = (run.Life, run.AliveAt == DateTimeOffset.UnixEpoch ? 0 : run.Stalls + 1);
        var rows = await runs
            .Where(r => r.Id == run.Id && r.Life == seenLife && r.Status == RunStatus.Running && r.AliveAt <= since)
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Life, seenLife + 1).SetProperty(r => r.Stalls, stalls).SetProperty(r => r.AliveAt, now),
                cancellationToken);
        (run.Life, run.Stalls, run.AliveAt) = (seenLife + 1, stalls, now);
        return rows == 1;
    }

    private async Task GoOnAsync(WorkflowRun run, CancellationToken cancellationToken)
    {
        try
        {
            var kind = RunBeginning.KindOf(run.Beginning);
            var continuation = continuations.FirstOrDefault(known => known.Kind == kind)
                ?? throw new DifyException(ErrorCodes.InternalServerError, $"This program does not know runs of the kind '{kind}'.", 500);
            await continuation.GoOnAsync(run, cancellationToken);
        }
        catch (DifyException reason)
        {
            await FailAsync(run, $"The run could not go on: {reason.Message}");
        }
        catch (Exception problem)
        {
            // Catches all: run root. It is silent from here on, so it is tried again, and given up after some times.
            LogNotStarted(problem, run.Id);
        }
    }

    private async Task FailAsync(WorkflowRun run, string reason)
    {
        var now = time.GetUtcNow();
        (run.Status, run.Error, run.ErrorCode, run.FinishedAt) = (RunStatus.Failed, reason, ErrorCodes.InternalServerError, now);
        LogGivenUp(run.Id, reason);
        await using (var db = await contexts.CreateDbContextAsync())
        {
            var runs = db.WorkflowRuns;
            await runs.Where(r => r.Id == run.Id && r.Life == run.Life && r.Status == RunStatus.Running)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.Status, RunStatus.Failed).SetProperty(r => r.Error, reason)
                        .SetProperty(r => r.ErrorCode, run.ErrorCode).SetProperty(r => r.FinishedAt, now));
            await db.WithdrawFormsAsync(run.Id, now, CancellationToken.None);
        }

        await events.OpenAsync(run.Id);
        var told = RunEvents.Finished(run);
        await events.AppendAsync(run.Id, told.Name, told.Json);
        await events.CompleteAsync(run.Id);
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} goes on here, in life {Life}")]
    private partial void LogTakenOver(Guid runId, int life);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} ends as failed: {Reason}")]
    private partial void LogGivenUp(Guid runId, string reason);

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be started again")]
    private partial void LogNotStarted(Exception exception, Guid runId);
}
