using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Chat;

/// <summary>Sends messages to chat apps.</summary>
public sealed class ChatService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly PublishedApps _apps;
    private readonly AppService _studio;
    private readonly GraphEngine _engine;
    private readonly IRunEventLog _events;
    private readonly IStopSignals _signals;
    private readonly WriteBatcher _writes;
    private readonly ActiveRuns _runs;
    private readonly ChatflowRunner _chatflows;
    private readonly WorkflowRunService _workflowRuns;
    private readonly FollowUpQuestions _followUps;
    private readonly StartInputs _inputs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ChatService(
        IDbContextFactory<DifyDbContext> contexts, PublishedApps apps, AppService studio, GraphEngine engine,
        IRunEventLog events, IStopSignals signals, WriteBatcher writes, ActiveRuns runs, ChatflowRunner chatflows,
        WorkflowRunService workflowRuns, FollowUpQuestions followUps, StartInputs inputs, TimeProvider time, ILogger<ChatService> logger)
    {
        (_contexts, _apps, _studio, _engine, _events) = (contexts, apps, studio, engine, events);
        (_chatflows, _workflowRuns) = (chatflows, workflowRuns);
        (_signals, _writes, _runs, _followUps, _inputs, _time, _logger) = (signals, writes, runs, followUps, inputs, time, logger);
    }

    /// <summary>
    /// Checks the request, starts the answer in the background and returns at once. Conversation and message are
    /// stored before the first event that names them can be seen, and when this returns.
    /// </summary>
    /// <exception cref="DifyException">Bad inputs, unpublished app, unknown conversation or parent.</exception>
    public async Task<ChatRun> StartAsync(ChatRequest request, CancellationToken cancellationToken = default)
    {
        var audience = request.Audience;
        request = request with { Query = ChatPlace.ReadQuery(request.Query) };
        var app = await FindAppAsync(audience, cancellationToken);
        CheckOpen(app, audience);
        if (app.Mode == AppMode.AdvancedChat)
        {
            return await _chatflows.StartAsync(request, cancellationToken);
        }

        var config = await FindConfigAsync(app, request, cancellationToken);
        var place = await ChatPlace.FindAsync(_contexts, request, cancellationToken);
        var inputs = InputForm.Read(config.UserInputForm, request.Inputs, place.Existing?.Inputs);
        var files = await _inputs.ReadFilesAsync(
            request.Files, config.FileRules, new FileOwner(audience.WorkspaceId, audience.AccountId, audience.EndUserId), cancellationToken);

        var now = _time.GetUtcNow();
        var conversation = place.Conversation(request, config.OpeningStatement, inputs, now);
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
        var graph = ChatGraph.CreateRequest(config, message, audience.UserId, place.History);
        var run = new AnswerRun(
            message, request.Watched, config.RetrieverResource.Enabled, stop => _engine.RunAsync(graph, stop),
            new RunRecorder(graph.Context, inputs, _time), _events, _signals, _writes, _runs, _time, _logger);
        if (request.Watched)
        {
            await _events.OpenAsync(run.Id, CancellationToken.None);
        }

        var stored = _writes.WriteAsync(db => place.Stage(db, conversation, message));
        run.Start(stored);
        await stored;
        return new ChatRun(run.Id, conversation.Id, message.Id, now, run.Completion);
    }

    /// <summary>Stops the run if it is this audience's; otherwise does nothing, as Dify does.</summary>
    public async Task StopAsync(ChatAudience audience, Guid taskId, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var conversations = db.Conversations.For(audience);
        var status = await db.Messages
            .Where(m => m.RunId == taskId && conversations.Any(c => c.Id == m.ConversationId))
            .Select(m => (MessageStatus?)m.Status).FirstOrDefaultAsync(cancellationToken);
        if (status == MessageStatus.Running)
        {
            await _signals.StopAsync(taskId, cancellationToken);
        }
        else if (status == MessageStatus.Paused)
        {
            await _workflowRuns.StopAsync(audience.WorkspaceId, audience.AppId, taskId, cancellationToken);
            await db.Messages.Where(m => m.RunId == taskId && m.Status == MessageStatus.Paused)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MessageStatus.Stopped), cancellationToken);
        }
    }

    /// <summary>Follow-up questions for an answer: up to 3, from the app's model; empty when the feature is off.</summary>
    public async Task<IReadOnlyList<string>> SuggestAsync(
        ChatAudience audience, Guid messageId, CancellationToken cancellationToken = default)
    {
        Message message;
        IReadOnlyList<ChatTurn> history;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            message = await db.FindMessageAsync(audience, messageId, cancellationToken);
            (_, history) = await ChatHistory.ReadAsync(
                db, new ChatRequest { Audience = audience, Query = "", ParentMessageId = messageId },
                message.ConversationId, cancellationToken);
        }

        var app = await FindAppAsync(audience, cancellationToken);
        var config = audience.AccountId is null ? app.Published : app.Draft;
        return config is { SuggestedQuestionsAfterAnswer.Enabled: true } && message.Answer.Length > 0
            ? await _followUps.AskAsync(audience.WorkspaceId, config, history, cancellationToken)
            : [];
    }

    private static void CheckOpen(App app, ChatAudience audience)
    {
        if (app.Mode is not (AppMode.Chat or AppMode.AdvancedChat))
        {
            throw new DifyException(ErrorCodes.NotChatApp, "Please check if your app mode matches the right API route.");
        }

        if (audience.InvokeFrom == "web-app" && !app.SiteEnabled)
        {
            // The page may be open since before it was switched off.
            throw new DifyException(ErrorCodes.AppUnavailable, "App unavailable: its web app was switched off.");
        }
    }

    private async Task<AppModelConfig> FindConfigAsync(App app, ChatRequest request, CancellationToken cancellationToken)
    {
        if (request.Config is { } draft)
        {
            await _studio.CheckPreviewAsync(app, request.Audience.AccountId, draft, cancellationToken);
            return draft;
        }

        return app.Published ?? throw new DifyException(
            ErrorCodes.AppUnavailable, "App unavailable: it is not published yet. Publish it in the Studio.");
    }

    private async ValueTask<App> FindAppAsync(ChatAudience audience, CancellationToken cancellationToken) =>
        await _apps.FindAsync(audience.AppId, cancellationToken) is { } app && app.WorkspaceId == audience.WorkspaceId
            ? app
            : throw DifyException.NotFound("App not found.");
}
