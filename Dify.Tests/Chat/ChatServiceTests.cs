using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Chat;

public sealed class ChatServiceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_regenerated_answer_is_a_sibling_and_each_branch_has_its_own_history(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var audience = await AudienceAsync(world);
        var root = await AskAsync(world, new ChatRequest { Audience = audience, Query = "one" });
        var left = await AskAsync(world, Below(audience, root, "two"));
        var right = await AskAsync(world, Below(audience, root, "two again"));
        Assert.Equal((root.Id, root.Id), (left.ParentMessageId, right.ParentMessageId));

        await AskAsync(world, Below(audience, left, "three"));
        Assert.Equal(["one", "two", "three"], Asked(world.Model.Chats[^1]));
        var otherRoot = await AskAsync(world, new ChatRequest
        {
            Audience = audience, Query = "one, edited", ConversationId = root.ConversationId, FollowsLatest = false,
        });
        Assert.Null(otherRoot.ParentMessageId);
        Assert.Equal(["one, edited"], Asked(world.Model.Chats[^1]));
        Assert.Equal(5, (await world.Host.Get<ConversationService>().GetTreeAsync(audience, root.ConversationId, Stop)).Count);
    }

    [Fact]
    public async Task A_parent_of_another_conversation_is_not_found()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var audience = await AudienceAsync(world);
        var one = await AskAsync(world, new ChatRequest { Audience = audience, Query = "one" });
        var two = await AskAsync(world, new ChatRequest { Audience = audience, Query = "two" });
        var chat = world.Host.Get<ChatService>();
        ChatRequest[] wrong =
        [
            Below(audience, one, "x") with { ConversationId = two.ConversationId },
            Below(audience, one, "x") with { ConversationId = null },
        ];
        foreach (var request in wrong)
        {
            Assert.Equal(404, (await Assert.ThrowsAsync<DifyException>(() => chat.StartAsync(request, Stop))).Status);
        }
    }

    [Fact]
    public async Task History_ends_where_its_tokens_do()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var audience = await AudienceAsync(world);
        var longText = string.Join(' ', Enumerable.Repeat("tree", 900));
        var first = await AskAsync(world, new ChatRequest { Audience = audience, Query = "oldest " + longText });
        var second = await AskAsync(world, Below(audience, first, "middle " + longText));
        var third = await AskAsync(world, Below(audience, second, "newest " + longText));
        await AskAsync(world, Below(audience, third, "now"));
        Assert.Equal(["middle", "newest", "now"], Asked(world.Model.Chats[^1]).Select(text => text.Split(' ')[0]));
    }

    [Fact]
    public async Task An_unsaved_draft_is_tried_out_by_its_builder_only_in_the_builders_own_conversations()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var preview = new ChatAudience
        {
            WorkspaceId = world.App.WorkspaceId, AppId = world.App.Id, AccountId = world.Owner.AccountId, InvokeFrom = "debugger",
        };
        var draft = ChatWorld.Config with { PrePrompt = "Draft.", OpeningStatement = "Hello {{name}}" };
        var message = await AskAsync(world, new ChatRequest { Audience = preview, Query = "Hi", Config = draft });
        Assert.Equal("Draft.", world.Model.Requests.Last().LastText("system"));
        var conversations = world.Host.Get<ConversationService>();
        Assert.Equal("Hello {{name}}", (await conversations.GetAsync(preview, message.ConversationId, Stop)).Introduction);
        var ann = await AudienceAsync(world);
        Assert.Empty((await conversations.ListAsync(ann, null, 20, cancellationToken: Stop)).Items);
    }

    [Fact]
    public async Task An_app_that_was_never_published_is_unavailable()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var app = await world.Host.Get<AppService>().CreateAsync(world.Owner, new NewApp("Fresh"), Stop);
        var audience = (await AudienceAsync(world)) with { AppId = app.Id };
        var refusal = await Assert.ThrowsAsync<DifyException>(
            () => world.Host.Get<ChatService>().StartAsync(new ChatRequest { Audience = audience, Query = "Hi" }, Stop));
        Assert.Equal(ErrorCodes.AppUnavailable, refusal.Code);
    }

    [Fact]
    public async Task The_end_of_the_process_ends_answers_with_what_they_have()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (run, first) = await HeldAsync(world);
        await world.Host.Get<ActiveRuns>().DisposeAsync();
        var message = await run.Completion;
        Assert.Equal((MessageStatus.Error, ChatErrors.Interrupted), (message.Status, message.Error));
        Assert.Equal(first, message.Answer);
    }

    [Fact]
    public async Task Deleting_the_app_stops_its_answers_and_leaves_nothing_behind()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (run, _) = await HeldAsync(world);
        await world.Host.Get<AppService>().DeleteAsync(world.Owner, world.App.Id, Stop);
        Assert.Equal(MessageStatus.Stopped, (await run.Completion).Status);
        await using var db = await world.Host.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(Stop);
        Assert.Equal((0, 0, 0), (
            await db.Messages.CountAsync(Stop), await db.Conversations.CountAsync(Stop), await db.EndUsers.CountAsync(Stop)));
    }

    [Fact]
    public async Task The_builtin_model_answers_without_any_key()
    {
        await using var world = await ChatWorld.CreateAsync(
            new AppModelConfig { Model = new AppModelSelection("builtin", "extractive") }, stop: Stop);
        var answer = await world.SendAsync("Hello", stop: Stop);
        Assert.Equal(200, (int)answer["http"]!);
        Assert.NotEmpty((string)answer["answer"]!);
        Assert.Empty(world.Model.Chats);
    }

    [Fact]
    public async Task A_file_is_uploaded_for_its_person_and_bad_uploads_are_told_apart()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var good = await UploadAsync(world, "note.txt", "file", "text/plain");
        Assert.Equal((201, "note.txt", "txt", 5), (
            (int)good["http"]!, (string)good["name"]!, (string)good["extension"]!, (int)good["size"]!));
        Assert.Equal("no_file_uploaded", (string)(await UploadAsync(world, "note.txt", "other", "text/plain"))["code"]!);
        Assert.Equal("unsupported_file_type", (string)(await UploadAsync(world, "note.txt", "file", null))["code"]!);
        using var empty = await world.Client.PostAsync("/v1/files/upload", null, Stop);
        Assert.Equal("no_file_uploaded", (string)(await ChatWorld.ReadAsync(empty, Stop))["code"]!);
    }

    private static async Task<(ChatRun Run, string First)> HeldAsync(ChatWorld world)
    {
        var never = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("one two three") { HoldAfterFirstPiece = never.Task };
        var run = await world.Host.Get<ChatService>().StartAsync(
            new ChatRequest { Audience = await AudienceAsync(world), Query = "Hold" }, Stop);
        await foreach (var happened in world.Host.Get<Core.Realtime.IRunEventLog>().WatchAsync(run.TaskId, 0, Stop))
        {
            return (run, (string)JsonNode.Parse(happened.Json)!["answer"]!);
        }

        throw new InvalidOperationException("The run ended without an event.");
    }

    private static async Task<JsonObject> UploadAsync(ChatWorld world, string name, string field, string? type)
    {
        using var content = new StringContent("Hello");
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        using var form = new MultipartFormDataContent { { content, field, name }, { new StringContent("ann"), "user" } };
        using var answer = await world.Client.PostAsync("/v1/files/upload", form, Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }

    private static IEnumerable<string> Asked(JsonObject chat) => chat["messages"]!.AsArray()
        .Where(message => (string)message!["role"]! == "user").Select(message => message!["content"]!.ToString());

    private static ChatRequest Below(ChatAudience audience, Message parent, string query) => new()
    {
        Audience = audience, Query = query, ConversationId = parent.ConversationId, ParentMessageId = parent.Id,
    };

    private static async Task<Message> AskAsync(ChatWorld world, ChatRequest request) =>
        await (await world.Host.Get<ChatService>().StartAsync(request, Stop)).Completion.WaitAsync(Stop);

    private static async Task<ChatAudience> AudienceAsync(ChatWorld world)
    {
        var ann = await world.Host.Get<ConversationService>().GetEndUserAsync(
            world.App.WorkspaceId, world.App.Id, "service-api", "ann", Stop);
        return new ChatAudience
        {
            WorkspaceId = world.App.WorkspaceId, AppId = world.App.Id, EndUserId = ann.Id, InvokeFrom = "web-app",
        };
    }
}
