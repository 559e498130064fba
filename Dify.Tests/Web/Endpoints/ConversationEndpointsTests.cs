using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Storage;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class ConversationEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Conversations_are_paged_forward_in_every_order(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((string)(await world.SendAsync($"Question {i}", stop: Stop))["conversation_id"]!);
        }

        await world.SendAsync("Somebody else", user: "bob", stop: Stop);
        await world.SendAsync("Again", conversationId: ids[0], stop: Stop);

        string[] created = [.. ids];
        string[] updated = [.. ids.Skip(1), ids[0]];
        Assert.Equal(updated.Reverse(), await AllAsync(world, ""));
        Assert.Equal(updated.Reverse(), await AllAsync(world, "&sort_by=-updated_at"));
        Assert.Equal(updated, await AllAsync(world, "&sort_by=updated_at"));
        Assert.Equal(created, await AllAsync(world, "&sort_by=created_at"));
        Assert.Equal(created.Reverse(), await AllAsync(world, "&sort_by=-created_at"));
        Assert.Equal("invalid_param", (string)(await world.GetAsync("/v1/conversations?user=ann&sort_by=name", Stop))["code"]!);
        Assert.Equal("invalid_param", (string)(await world.GetAsync("/v1/conversations?user=ann&limit=101", Stop))["code"]!);
        var foreignCursor = await world.GetAsync($"/v1/conversations?user=bob&last_id={ids[0]}", Stop);
        Assert.Equal((404, "not_found"), ((int)foreignCursor["http"]!, (string)foreignCursor["code"]!));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Pinned_conversations_come_first_over_all_pages(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(Guid.Parse((string)(await world.SendAsync($"Question {i}", stop: Stop))["conversation_id"]!));
        }

        var conversations = world.Host.Get<ConversationService>();
        var ann = await conversations.GetEndUserAsync(world.App.WorkspaceId, world.App.Id, "service-api", "ann", Stop);
        var audience = new ChatAudience
        {
            WorkspaceId = world.App.WorkspaceId, AppId = world.App.Id, EndUserId = ann.Id, InvokeFrom = "web-app",
        };
        await conversations.PinAsync(audience, ids[1], true, Stop);

        var seen = new List<Guid>();
        for (Guid? last = null; ;)
        {
            var page = await conversations.ListAsync(audience, last, 1, pinnedFirst: true, cancellationToken: Stop);
            seen.AddRange(page.Items.Select(c => c.Id));
            last = seen[^1];
            if (!page.HasMore)
            {
                break;
            }
        }

        Assert.Equal([ids[1], ids[3], ids[2], ids[0]], seen);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Messages_are_paged_backward_from_the_newest(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var first = await world.SendAsync("Question 0", stop: Stop);
        var conversation = (string)first["conversation_id"]!;
        for (var i = 1; i < 5; i++)
        {
            await world.SendAsync($"Question {i}", conversationId: conversation, stop: Stop);
        }

        var newest = await world.GetAsync($"/v1/messages?user=ann&conversation_id={conversation}&limit=2", Stop);
        Assert.Equal(["Question 3", "Question 4"], Queries(newest));
        Assert.True((bool)newest["has_more"]!);
        var row = newest["data"]![0]!;
        Assert.Equal("normal", (string)row["status"]!);
        Assert.Equal(7, (int)row["answer_tokens"]!);
        var older = await world.GetAsync(
            $"/v1/messages?user=ann&conversation_id={conversation}&limit=3&first_id={row["id"]}", Stop);
        Assert.Equal(["Question 0", "Question 1", "Question 2"], Queries(older));
        Assert.False((bool)older["has_more"]!);
        var lost = await world.GetAsync($"/v1/messages?user=ann&conversation_id={conversation}&first_id={Guid.CreateVersion7()}", Stop);
        Assert.Equal(404, (int)lost["http"]!);
    }

    [Fact]
    public async Task What_belongs_to_another_person_or_app_does_not_exist()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var sent = await world.SendAsync("Mine", stop: Stop);
        var (conversation, message) = ((string)sent["conversation_id"]!, (string)sent["message_id"]!);
        var (_, otherToken) = await world.AddAppAsync(ChatWorld.Config, Stop);
        using var otherApp = world.ClientOf(otherToken);

        foreach (var (client, user) in (IEnumerable<(HttpClient, string)>)[(world.Client, "bob"), (otherApp, "ann")])
        {
            using var list = await client.GetAsync(new Uri($"/v1/messages?conversation_id={conversation}&user={user}", UriKind.Relative), Stop);
            using var name = await client.PostAsJsonAsync($"/v1/conversations/{conversation}/name", new { name = "x", user }, Stop);
            using var rate = await client.PostAsJsonAsync($"/v1/messages/{message}/feedbacks", new { rating = "like", user }, Stop);
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/conversations/{conversation}") { Content = JsonContent.Create(new { user }) };
            using var delete = await client.SendAsync(request, Stop);
            using var send = await client.PostAsJsonAsync(
                "/v1/chat-messages", ChatWorld.Body("Hello", user, "blocking", conversation), Stop);
            foreach (var answer in (HttpResponseMessage[])[list, name, rate, delete, send])
            {
                var body = await ChatWorld.ReadAsync(answer, Stop);
                Assert.Equal((404, "not_found"), ((int)body["http"]!, (string)body["code"]!));
            }
        }

        Assert.Single(Queries(await world.GetAsync($"/v1/messages?user=ann&conversation_id={conversation}", Stop)));
    }

    [Fact]
    public async Task A_conversation_is_named_renamed_and_deleted()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var sent = await world.SendAsync("What is the capital of France?\nBe exact.", stop: Stop);
        var id = (string)sent["conversation_id"]!;
        var listed = (await world.GetAsync("/v1/conversations?user=ann", Stop))["data"]![0]!;
        Assert.Equal("What is the capital of France?", (string)listed["name"]!);

        Assert.Equal("Paris", (string)(await RenameAsync(world, id, new { name = "Paris", user = "ann" }))["name"]!);
        Assert.Equal("invalid_param", (string)(await RenameAsync(world, id, new { user = "ann" }))["code"]!);
        Assert.Equal(
            "What is the capital of France?", (string)(await RenameAsync(world, id, new { auto_generate = true, user = "ann" }))["name"]!);

        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/conversations/{id}") { Content = JsonContent.Create(new { user = "ann" }) };
        using var deleted = await world.Client.SendAsync(request, Stop);
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Empty((await world.GetAsync("/v1/conversations?user=ann", Stop))["data"]!.AsArray());
        Assert.Equal(404, (int)(await world.GetAsync($"/v1/messages?user=ann&conversation_id={id}", Stop))["http"]!);
    }

    [Fact]
    public async Task A_rating_is_given_shown_and_taken_back_once()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var sent = await world.SendAsync("Hello", stop: Stop);
        var (id, conversation) = ((string)sent["message_id"]!, (string)sent["conversation_id"]!);
        Assert.Equal("success", (string)(await RateAsync(world, id, "like"))["result"]!);
        var row = (await world.GetAsync($"/v1/messages?user=ann&conversation_id={conversation}", Stop))["data"]![0]!;
        Assert.Equal("like", (string)row["feedback"]!["rating"]!);
        Assert.Equal("success", (string)(await RateAsync(world, id, null))["result"]!);
        Assert.Equal("invalid_param", (string)(await RateAsync(world, id, null))["code"]!);
        Assert.Equal("invalid_param", (string)(await RateAsync(world, id, "love"))["code"]!);
    }

    [Fact]
    public async Task Follow_up_questions_come_from_the_model_where_they_are_switched_on()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var off = await world.SendAsync("Hello", stop: Stop);
        Assert.Equal("bad_request", (string)(await world.GetAsync($"/v1/messages/{off["message_id"]}/suggested?user=ann", Stop))["code"]!);

        await world.PublishAsync(ChatWorld.Config with { SuggestedQuestionsAfterAnswer = new(true) }, Stop);
        world.Model.OnChat = asked => new FakeOpenAiReply(
            asked.LastText("user").StartsWith("Person:", StringComparison.Ordinal) ? "Sure: [\"One?\", \"Two?\", \"Three?\", \"Four?\"]." : "Hi");
        var on = await world.SendAsync("Hello", stop: Stop);
        var questions = await world.GetAsync($"/v1/messages/{on["message_id"]}/suggested?user=ann", Stop);
        Assert.Equal(["One?", "Two?", "Three?"], questions["data"]!.AsArray().Select(q => (string)q!));
    }

    private static async Task<List<string>> AllAsync(ChatWorld world, string order)
    {
        var seen = new List<string>();
        while (true)
        {
            var last = seen.Count == 0 ? "" : $"&last_id={seen[^1]}";
            var page = await world.GetAsync($"/v1/conversations?user=ann&limit=2{order}{last}", Stop);
            seen.AddRange(page["data"]!.AsArray().Select(c => (string)c!["id"]!));
            if (!(bool)page["has_more"]!)
            {
                return seen;
            }
        }
    }

    private static IEnumerable<string> Queries(JsonObject page) => page["data"]!.AsArray().Select(m => (string)m!["query"]!);

    private static async Task<JsonObject> RenameAsync(ChatWorld world, string id, object body)
    {
        using var answer = await world.Client.PostAsJsonAsync($"/v1/conversations/{id}/name", body, Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }

    private static async Task<JsonObject> RateAsync(ChatWorld world, string id, string? rating)
    {
        using var answer = await world.Client.PostAsJsonAsync($"/v1/messages/{id}/feedbacks", new { rating, user = "ann" }, Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }
}
