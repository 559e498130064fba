using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Chat;

/// <summary>Answers messages to chatflows: a journalled run of the workflow for each, that survives the program.</summary>
internal sealed class ChatflowRunner(
    IDbContextFactory<DifyDbContext> contexts, WorkflowVersions versions, StartInputs startInputs, ConversationVariables variables,
    GraphEngine engine, RunJournals journals, LiveRuns live, IRunEventLog events, IStopSignals signals, TimeProvider time,
    ILogger<ChatflowRunner> logger)
    : IRunContinuation
{
    private const string RunKind = "chatflow";

    public string Kind => RunKind;

    /// <summary>Checks the request, stores conversation, message and run, and starts the run.</summary>
    /// <exception cref="DifyException">Bad inputs, nothing published, unknown conversation or parent.</exception>
    public async Task<ChatRun> StartAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var audience = request.Audience;
        var workflow = await FindAsync(request, cancellationToken);
        var place = await ChatPlace.FindAsync(contexts, request, cancellationToken);
        var owner = new FileOwner(audience.WorkspaceId, audience.AccountId, audience.EndUserId);
        var inputs = await ReadInputsAsync(workflow, request, owner, place.Existing, cancellationToken);
        var files = await startInputs.ReadFilesAsync(
            request.Files, FileRules.OfFeature(workflow.Features["file_upload"] as JsonObject), owner, cancellationToken);

        var now = time.GetUtcNow();
        var conversation = place.Conversation(request, NodeData.Text(workflow.Features, "opening_statement"), inputs, now);
        var (values, added) = await variables.PrepareAsync(
            conversation, place.Existing is null, workflow.ConversationVariables, cancellationToken);
        var message = new Message
        {
            WorkspaceId = audience.WorkspaceId,
            AppId = audience.AppId,
            ConversationId = conversation.Id,
            ParentMessageId = place.ParentId,
            RunId = Guid.CreateVersion7(),
            Query = request.Query,
            Inputs = inputs,
            Files = files,
            InvokeFrom = audience.InvokeFrom,
            CreatedAt = now,
            AliveAt = now,
        };
        var beginning = new RunBeginning(RunKind, inputs, SystemVariables(message, audience.UserId, workflow, place.History.Count, now))
        {
            Conversation = values,
        };
        var run = new WorkflowRun
        {
            Id = message.RunId,
            WorkspaceId = audience.WorkspaceId,
            AppId = audience.AppId,
            VersionId = workflow.VersionId,
            Trigger = audience.AccountId is null ? RunTrigger.App : RunTrigger.Draft,
            InvokeFrom = audience.InvokeFrom,
            UserId = audience.UserId,
            Beginning = beginning.Write(),
            Inputs = StoredJson.Write(beginning.ShownInputs()),
            CreatedAt = now,
            AliveAt = now,
        };
        if (request.Watched)
        {
            await events.OpenAsync(run.Id, CancellationToken.None);
        }

        var (life, journal) = Create(run, workflow, beginning, message, place.History, await JournalAsync(run, workflow, beginning, null), request.Watched);
        var stored = journal.StoreBeginningAsync(db =>
        {
            place.Stage(db, conversation, message);
            db.AddRange(added);
        });
        life.Start();
        await stored;
        return new ChatRun(run.Id, conversation.Id, message.Id, now, life.Completion);
    }

    public async Task GoOnAsync(WorkflowRun run, CancellationToken cancellationToken)
    {
        Message? message;
        IReadOnlyList<ChatTurn> history;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            message = await db.Messages.AsNoTracking().FirstOrDefaultAsync(m => m.RunId == run.Id, cancellationToken)
                ?? throw DifyException.NotFound("its message was deleted.");
            (_, history) = await ChatHistory.ReadAsync(db, ToRequest(message), message.ConversationId, cancellationToken);
        }

        var workflow = run.VersionId is { } versionId
            ? await versions.FindAsync(run.WorkspaceId, versionId, cancellationToken)
            : null;
        if (workflow is null || workflow.AppId != run.AppId)
        {
            const string reason = "The version of the workflow that it was started with was deleted.";
            await EndAsync(message, reason, cancellationToken);
            throw DifyException.NotFound(reason);
        }

        message.Status = MessageStatus.Running;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await db.Messages.Where(m => m.Id == message.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MessageStatus.Running), cancellationToken);
        }

        var beginning = RunBeginning.Read(run.Beginning);
        var made = await JournalAsync(run, workflow, beginning, cancellationToken);

        // Whether somebody watches, or will come to watch, nobody knows.
        await events.OpenAsync(run.Id, CancellationToken.None);
        Create(run, workflow, beginning, message, history, made, isWatched: true).Life.Start();
    }

    private async Task<RunnableWorkflow> FindAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var audience = request.Audience;
        if (request.VersionId is { } versionId && audience.AccountId is not null)
        {
            return await versions.FindAsync(audience.WorkspaceId, versionId, cancellationToken) is { } chosen && chosen.AppId == audience.AppId
                ? chosen
                : throw DifyException.NotFound("Workflow not found.");
        }

        return await versions.FindPublishedAsync(audience.WorkspaceId, audience.AppId, cancellationToken) ?? throw new DifyException(
            ErrorCodes.AppUnavailable, "App unavailable: it is not published yet. Publish it in the Studio.");
    }

    /// <summary>A conversation keeps what its form was filled with; files of it need not be sent again.</summary>
    private async Task<JsonObject> ReadInputsAsync(
        RunnableWorkflow workflow, ChatRequest request, FileOwner owner, Conversation? existing, CancellationToken cancellationToken)
    {
        var form = StartForm.Read(workflow.Graph.Root);
        var kept = form.Where(field => field.IsFile && !request.Inputs.ContainsKey(field.Variable)
            && existing?.Inputs[field.Variable] is not null).ToList();
        var inputs = await startInputs.ReadAsync([.. form.Except(kept)], request.Inputs, owner, existing?.Inputs, cancellationToken);
        foreach (var field in kept)
        {
            inputs[field.Variable] = existing!.Inputs[field.Variable]!.DeepClone();
        }

        return inputs;
    }

    private static JsonObject SystemVariables(
        Message message, string userId, RunnableWorkflow workflow, int dialogueCount, DateTimeOffset now) => new()
        {
            ["query"] = message.Query,
            ["files"] = message.Files.DeepClone(),
            ["conversation_id"] = message.ConversationId.ToString(),
            ["dialogue_count"] = dialogueCount,
            ["user_id"] = userId,
            ["app_id"] = message.AppId.ToString(),
            ["workflow_id"] = workflow.VersionId.ToString(),
            ["workflow_run_id"] = message.RunId.ToString(),
            ["timestamp"] = now.ToUnixTimeSeconds(),
        };

    /// <param name="cancellationToken">Null for a run that is not stored yet.</param>
    private async Task<(Workflows.Variables.VariablePool Variables, RunJournal Journal)> JournalAsync(
        WorkflowRun run, RunnableWorkflow workflow, RunBeginning beginning, CancellationToken? cancellationToken)
    {
        var pool = beginning.CreateVariables(workflow.Graph, workflow.EnvironmentVariables, workflow.ConversationVariables);
        return (pool, cancellationToken is { } token
            ? await journals.GoOnAsync(run, workflow.Graph, pool, token)
            : journals.Begin(run, workflow.Graph, pool));
    }

    private (ChatflowRun Life, RunJournal Journal) Create(
        WorkflowRun run, RunnableWorkflow workflow, RunBeginning beginning, Message message, IReadOnlyList<ChatTurn> history,
        (Workflows.Variables.VariablePool Variables, RunJournal Journal) made, bool isWatched)
    {
        var context = new RunContext
        {
            RunId = run.Id,
            WorkspaceId = run.WorkspaceId,
            AppId = run.AppId,
            UserId = run.UserId,
            InvokeFrom = run.InvokeFrom,
        };
        var request = new GraphRunRequest(workflow.Graph, made.Variables, context.With(ChatGraph.ToHistory(history))) { Journal = made.Journal };
        var wire = isWatched ? new ChatflowWire(message, made.Journal.Recorder, events, beginning.CreatedBy, logger) : null;
        var findings = new ChatflowAnswer(message, workflow);
        return (new ChatflowRun(findings, stop => engine.RunAsync(request, stop), made.Journal, wire, contexts, variables, signals, live, journals, time, logger), made.Journal);
    }

    private static ChatRequest ToRequest(Message message) => new()
    {
        Audience = new ChatAudience { WorkspaceId = message.WorkspaceId, AppId = message.AppId, InvokeFrom = message.InvokeFrom },
        Query = message.Query,
        ParentMessageId = message.ParentMessageId,
        FollowsLatest = false,
    };

    private async Task EndAsync(Message message, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Messages.Where(m => m.Id == message.Id).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.Status, MessageStatus.Error).SetProperty(m => m.Error, reason)
                .SetProperty(m => m.ErrorCode, ErrorCodes.InternalServerError).SetProperty(m => m.FinishedAt, now),
            cancellationToken);
    }
}
