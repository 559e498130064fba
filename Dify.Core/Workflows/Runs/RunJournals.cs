using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;
using Dify.Core.Workspaces.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Workflows.Runs;

/// <summary>Makes the journals of runs.</summary>
public sealed class RunJournals(
    IDbContextFactory<DifyDbContext> contexts, WriteBatcher writes, SecretBox box, TimeProvider time, ILogger<RunJournal> logger)
{
    /// <summary>The journal of a run that is not stored yet.</summary>
    /// <param name="variables">Their secrets are masked in what is stored.</param>
    public RunJournal Begin(WorkflowRun run, GraphDefinition graph, VariablePool variables)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Create(run, graph, variables, []);
    }

    /// <summary>The journal of a run that was claimed, with what its earlier lives have stored.</summary>
    public async Task<RunJournal> GoOnAsync(
        WorkflowRun run, GraphDefinition graph, VariablePool variables, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var earlier = await db.NodeExecutions.AsNoTracking()
            .Where(node => node.RunId == run.Id && node.FinishedAt != null)
            .OrderBy(node => node.FinishedAs)
            .ToListAsync(cancellationToken);
        return Create(run, graph, variables, earlier);
    }

    internal async Task<bool> ExistsAsync(Guid runId)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.WorkflowRuns.AnyAsync(run => run.Id == runId);
    }

    private RunJournal Create(
        WorkflowRun run, GraphDefinition graph, VariablePool variables, List<NodeExecution> earlier)
    {
        var secrets = RunSecrets.Of(variables);
        string Seal(string text) => box.Seal(run.WorkspaceId, text);
        var recorder = new RunRecorder(run, earlier, secrets, secrets is null ? null : Seal, time);
        var finished = new Dictionary<string, List<FinishedNode>>(StringComparer.Ordinal);
        foreach (var row in earlier)
        {
            if (!finished.TryGetValue(row.Path, out var nodes))
            {
                finished[row.Path] = nodes = [];
            }

            nodes.Add(StoredNode.Read(row, sealedText => box.Open(run.WorkspaceId, sealedText)));
        }

        return new RunJournal(recorder, graph, finished, earlier.Select(row => row.Index).DefaultIfEmpty().Max(), writes, time, logger);
    }
}
