using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Storage;
using Dify.Tests.Benchmarks;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Chat;

[Collection(AloneCollection.Name)]
public sealed class ChatCrashTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_process_leaves_no_message_running_and_what_was_acknowledged_is_there()
    {
        var folder = Directory.CreateTempSubdirectory("dify-crash-chat-").FullName;
        var never = new TaskCompletionSource();
        try
        {
            await using var model = await FakeOpenAiServer.StartAsync();
            var token = (await ChatBenchmarkApp.PrepareAsync(folder, model.BaseUrl, ["fake-chat"], Stop))[0];
            model.OnChat = _ => new FakeOpenAiReply("one two three") { HoldAfterFirstPiece = never.Task };
            string conversation;
            await using (var first = await DifyProcess.StartAsync(folder, cancellationToken: Stop))
            {
                first.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                conversation = await StartAnswerAsync(first.Client);
                await first.KillAsync();
            }

            await using var second = await DifyProcess.StartAsync(folder, cancellationToken: Stop);
            second.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var page = await second.Client.GetFromJsonAsync<JsonObject>(
                $"/v1/messages?user=ann&conversation_id={conversation}", Stop);
            var message = Assert.Single(page!["data"]!.AsArray())!;
            Assert.Equal(("Tell me all.", "error"), ((string)message["query"]!, (string)message["status"]!));
            Assert.Equal(ChatErrors.Interrupted, (string)message["error"]!);
        }
        finally
        {
            never.TrySetResult();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            await TemporaryFolder.DeleteAsync(folder);
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Only_answers_without_a_sign_of_life_are_ended(DatabaseKind kind)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var sent = await world.SendAsync("Hello", stop: Stop);
        var done = await world.MessageAsync((string)sent["message_id"]!, Stop);
        var now = time.GetUtcNow();
        var (silent, alive) = (Running(done, now.AddSeconds(-31)), Running(done, now.AddSeconds(-5)));
        await world.Host.Get<WriteBatcher>().AddAsync(silent, alive);

        var upkeep = ActivatorUtilities.CreateInstance<ChatUpkeep>(world.Host.Services);
        Assert.Equal(1, await upkeep.EndSilentAsync(now.AddSeconds(-30), Stop));

        await using var db = await world.Host.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(Stop);
        var states = await db.Messages.ToDictionaryAsync(m => m.Id, m => m.Status, Stop);
        Assert.Equal(
            (MessageStatus.Normal, MessageStatus.Error, MessageStatus.Running), (states[done.Id], states[silent.Id], states[alive.Id]));
    }

    [Fact]
    public async Task A_checkpoint_stores_how_far_an_answer_has_come()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var gate = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("one two three") { HoldAfterFirstPiece = gate.Task };
        using var answer = await world.OpenStreamAsync("Hello", stop: Stop);
        await using var stream = await answer.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(stream);
        var first = JsonNode.Parse((await reader.ReadLineAsync(Stop))!["data: ".Length..])!;

        await world.Host.Get<ActiveRuns>().CheckpointAsync();
        var message = await world.MessageAsync((string)first["message_id"]!, Stop);
        Assert.Equal((MessageStatus.Running, (string)first["answer"]!), (message.Status, message.Answer));
        gate.SetResult();
        Assert.Equal("one two three", (await world.FinishedAsync((string)first["message_id"]!, Stop)).Answer);
    }

    private static async Task<string> StartAnswerAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat-messages")
        {
            Content = JsonContent.Create(ChatWorld.Body("Tell me all.", "ann", "streaming")),
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        await using var stream = await answer.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(stream);
        return (string)JsonNode.Parse((await reader.ReadLineAsync(Stop))!["data: ".Length..])!["conversation_id"]!;
    }

    private static Message Running(Message like, DateTimeOffset aliveAt) => new()
    {
        WorkspaceId = like.WorkspaceId,
        AppId = like.AppId,
        ConversationId = like.ConversationId,
        RunId = Guid.CreateVersion7(),
        Query = "?",
        InvokeFrom = like.InvokeFrom,
        CreatedAt = aliveAt,
        AliveAt = aliveAt,
    };
}
