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
    private const int LongestQuery = 50_000;
    private const int LongestName = 60;

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly PublishedApps _apps;
    private readonly AppService _studio;
    private readonly GraphEngine _engine;
    private readonly IRunEventLog _events;
    private readonly IStopSignals _signals;
    private readonly WriteBatcher _writes;
    private readonly ActiveRuns _runs;
    private readonly FollowUpQuestions _followUps;
    private readonly StartInputs _inputs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ChatService(
        IDbContextFactory<DifyDbContext> contexts, PublishedApps apps, AppService studio, GraphEngine engine,
        IRunEventLog events, IStopSignals signals, WriteBatcher writes, ActiveRuns runs, FollowUpQuestions followUps,
        StartInputs inputs, TimeProvider time, ILogger<ChatService> logger)
    {
        (_contexts, _apps, _studio, _engine, _events) = (contexts, apps, studio, engine, events);
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
        var query = ReadQuery(request.Query);
        var config = await FindConfigAsync(request, cancellationToken);
        var (existing, parentId, history) = await FindPlaceAsync(request, cancellationToken);
        var inputs = InputForm.Read(config.UserInputForm, request.Inputs, existing?.Inputs);
        var files = await _inputs.ReadFilesAsync(
            request.Files, config.FileRules, new FileOwner(audience.WorkspaceId, audience.AccountId, audience.EndUserId), cancellationToken);

        var now = _time.GetUtcNow();
        var conversation = existing ?? Begin(request, config, query, inputs, now);
        var message = new Message
        {
            WorkspaceId = audience.WorkspaceId,
            AppId = audience.AppId,
            ConversationId = conversation.Id,
            ParentMessageId = parentId,
            RunId = Guid.CreateVersion7(),
            Query = query,
            Inputs = inputs,
            Files = files,
            InvokeFrom = audience.InvokeFrom,
            CreatedAt = now,
            AliveAt = now,
        };
        var graph = ChatGraph.CreateRequest(config, message, UserOf(audience), history);
        var run = new AnswerRun(
            message, request.Watched, config.RetrieverResource.Enabled, stop => _engine.RunAsync(graph, stop),
            new RunRecorder(graph.Context, inputs, _time), _events, _signals, _writes, _runs, _time, _logger);
        if (request.Watched)
        {
            await _events.OpenAsync(run.Id, CancellationToken.None);
        }

        var stored = StoreAsync(existing is null, conversation, message);
        run.Start(stored);
        await stored;
        return new ChatRun(run.Id, conversation.Id, message.Id, now, run.Completion);
    }

    /// <summary>Stops the run if it is this audience's; otherwise does nothing, as Dify does.</summary>
    public async Task StopAsync(ChatAudience audience, Guid taskId, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var conversations = db.Conversations.For(audience);
        if (await db.Messages.AnyAsync(
            m => m.RunId == taskId && m.Status == MessageStatus.Running
                && conversations.Any(c => c.Id == m.ConversationId), cancellationToken))
        {
            await _signals.StopAsync(taskId, cancellationToken);
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

    private static string ReadQuery(string? query)
    {
        var text = PlainText.Clean(query ?? "").Trim();
        return text.Length switch
        {
            0 => throw DifyException.Invalid("query: write a message."),
            > LongestQuery => throw DifyException.Invalid($"query: at most {LongestQuery} characters."),
            _ => text,
        };
    }

    private async Task<AppModelConfig> FindConfigAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var audience = request.Audience;
        var app = await FindAppAsync(audience, cancellationToken);
        if (app.Mode != AppMode.Chat)
        {
            throw new DifyException(ErrorCodes.NotChatApp, "Please check if your app mode matches the right API route.");
        }

        if (audience.InvokeFrom == "web-app" && !app.SiteEnabled)
        {
            // The page may be open since before it was switched off.
            throw new DifyException(ErrorCodes.AppUnavailable, "App unavailable: its web app was switched off.");
        }

        if (request.Config is { } draft)
        {
            await _studio.CheckPreviewAsync(app, audience.AccountId, draft, cancellationToken);
            return draft;
        }

        return app.Published ?? throw new DifyException(
            ErrorCodes.AppUnavailable, "App unavailable: it is not published yet. Publish it in the Studio.");
    }

    private async ValueTask<App> FindAppAsync(ChatAudience audience, CancellationToken cancellationToken) =>
        await _apps.FindAsync(audience.AppId, cancellationToken) is { } app && app.WorkspaceId == audience.WorkspaceId
            ? app
            : throw DifyException.NotFound("App not found.");

    private async Task<(Conversation? Conversation, Guid? ParentId, IReadOnlyList<ChatTurn> History)> FindPlaceAsync(
        ChatRequest request, CancellationToken cancellationToken)
    {
        if (request.ConversationId is not { } conversationId)
        {
            return request.ParentMessageId is null
                ? (null, null, [])
                : throw DifyException.NotFound("Parent message not found: a new conversation has none.");
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var conversation = await db.FindConversationAsync(request.Audience, conversationId, cancellationToken);
        var (parentId, history) = await ChatHistory.ReadAsync(db, request, conversationId, cancellationToken);
        return (conversation, parentId, history);
    }

    private static Conversation Begin(
        ChatRequest request, AppModelConfig config, string query, JsonObject inputs, DateTimeOffset now) => new()
        {
            WorkspaceId = request.Audience.WorkspaceId,
            AppId = request.Audience.AppId,
            EndUserId = request.Audience.EndUserId,
            AccountId = request.Audience.AccountId,
            Name = request.AutoGenerateName ? PlainText.Title(query, LongestName) : ConversationService.UnnamedTitle,
            Inputs = (JsonObject)inputs.DeepClone(),
            Introduction = Opener.Render(config.OpeningStatement, inputs),
            CreatedAt = now,
            UpdatedAt = now,
        };

    private Task StoreAsync(bool isNew, Conversation conversation, Message message)
    {
        if (isNew)
        {
            return _writes.AddAsync(conversation, message);
        }

        var touched = new Conversation
        {
            Id = conversation.Id,
            Name = conversation.Name,
            Inputs = (JsonObject)message.Inputs.DeepClone(),
            UpdatedAt = message.CreatedAt,
        };
        return _writes.WriteAsync(db =>
        {
            if (db.Set<Conversation>().Local.FindEntry(touched.Id) is null)
            {
                var row = db.Entry(touched);
                row.State = EntityState.Unchanged;
                row.Property(c => c.UpdatedAt).IsModified = true;
                row.Property(c => c.Inputs).IsModified = true;
            }

            db.Entry(message).State = EntityState.Added;
        });
    }

    private static string UserOf(ChatAudience audience) => (audience.EndUserId ?? audience.AccountId)?.ToString() ?? "";
}
