using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Storage;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class ChatMessagesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_blocking_message_is_answered_and_stored(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var answer = await world.SendAsync("What are you?", stop: Stop);

        Assert.Equal(200, (int)answer["http"]!);
        Assert.Equal("message", (string)answer["event"]!);
        Assert.Equal("chat", (string)answer["mode"]!);
        Assert.Equal(FakeOpenAiServer.DefaultAnswer, (string)answer["answer"]!);
        Assert.Equal((string)answer["id"]!, (string)answer["message_id"]!);
        Assert.True(Guid.TryParse((string)answer["task_id"]!, out _));
        Assert.Equal(18, (int)answer["metadata"]!["usage"]!["total_tokens"]!);
        Assert.IsType<string>(answer["metadata"]!["usage"]!["total_price"]!.GetValue<string>());
        Assert.Empty(answer["metadata"]!["retriever_resources"]!.AsArray());

        var stored = await world.MessageAsync((string)answer["message_id"]!, Stop);
        Assert.Equal(MessageStatus.Normal, stored.Status);
        Assert.Equal(FakeOpenAiServer.DefaultAnswer, stored.Answer);
        Assert.Equal("Be short.", world.Model.Requests.Last().LastText("system"));
        Assert.Equal("What are you?", world.Model.Requests.Last().LastText("user"));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_stream_has_messages_then_one_end_all_with_the_common_fields(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var events = await world.StreamAsync("What are you?", stop: Stop);

        Assert.All(events.SkipLast(1), e => Assert.Equal("message", (string)e["event"]!));
        Assert.Equal("message_end", (string)events[^1]["event"]!);
        Assert.Equal(FakeOpenAiServer.DefaultAnswer, string.Concat(events.SkipLast(1).Select(e => (string)e["answer"]!)));
        foreach (var name in (string[])["task_id", "id", "message_id", "conversation_id", "created_at"])
        {
            Assert.Single(events.Select(e => e[name]!.ToJsonString()).Distinct());
        }

        Assert.Equal(18, (int)events[^1]["metadata"]!["usage"]!["total_tokens"]!);
        Assert.Equal((string)events[0]["id"]!, (string)events[0]["message_id"]!);
    }

    [Fact]
    public async Task A_second_message_tells_the_model_the_first_and_hangs_below_it()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var first = await world.SendAsync("My name is Ann.", stop: Stop);
        var second = await world.SendAsync(
            "What is my name?", conversationId: (string)first["conversation_id"]!, stop: Stop);

        var roles = world.Model.Chats[^1]["messages"]!.AsArray().Select(m => (string)m!["role"]!);
        Assert.Equal(["system", "user", "assistant", "user"], roles);
        Assert.Equal((string)first["conversation_id"]!, (string)second["conversation_id"]!);
        var stored = await world.MessageAsync((string)second["message_id"]!, Stop);
        Assert.Equal((string)first["message_id"]!, stored.ParentMessageId.ToString());
    }

    [Fact]
    public async Task The_run_goes_on_when_the_client_has_gone()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var gate = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("one two three") { HoldAfterFirstPiece = gate.Task };
        string messageId;
        using (var answer = await world.OpenStreamAsync("Go on.", stop: Stop))
        {
            messageId = await FirstMessageIdAsync(answer);
        }

        gate.SetResult();
        Assert.Equal("one two three", (await world.FinishedAsync(messageId, Stop)).Answer);
    }

    [Fact]
    public async Task A_stop_keeps_what_has_come_and_ends_the_stream()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var gate = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("one two three") { HoldAfterFirstPiece = gate.Task };
        using var answer = await world.OpenStreamAsync("Go on.", stop: Stop);
        await using var stream = await answer.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(stream);
        var first = JsonNode.Parse((await reader.ReadLineAsync(Stop))!["data: ".Length..])!;

        await world.StopAsync((string)first["task_id"]!, "bob", Stop);
        Assert.Equal(MessageStatus.Running, (await world.MessageAsync((string)first["message_id"]!, Stop)).Status);

        var stopped = await world.StopAsync((string)first["task_id"]!, "ann", Stop);
        Assert.Equal("success", (string)stopped["result"]!);
        var rest = await reader.ReadToEndAsync(Stop);
        Assert.Equal("message_end", (string)ChatWorld.ParseEvents(rest.TrimStart('\n')).Last()["event"]!);
        var message = await world.FinishedAsync((string)first["message_id"]!, Stop);
        Assert.Equal(MessageStatus.Stopped, message.Status);
        Assert.StartsWith("one", message.Answer, StringComparison.Ordinal);
        gate.TrySetResult();
    }

    [Theory]
    [InlineData(401, "provider_not_initialize", 400)]
    [InlineData(404, "model_currently_not_support", 400)]
    [InlineData(429, "completion_request_error", 400)]
    [InlineData(500, "completion_request_error", 400)]
    public async Task A_failing_provider_is_told_with_its_code_in_and_outside_a_stream(int provider, string code, int status)
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        world.Model.OnChat = _ => new FakeOpenAiReply("no") { Status = provider };

        var blocking = await world.SendAsync("Hello", stop: Stop);
        Assert.Equal((code, status, status), ((string)blocking["code"]!, (int)blocking["status"]!, (int)blocking["http"]!));

        var last = Assert.Single(await world.StreamAsync("Hello", stop: Stop));
        Assert.Equal(("error", code, status), ((string)last["event"]!, (string)last["code"]!, (int)last["status"]!));
        var stored = await world.MessageAsync((string)last["message_id"]!, Stop);
        Assert.Equal((MessageStatus.Error, code), (stored.Status, stored.ErrorCode));
    }

    [Theory]
    [InlineData("""{"inputs":{},"user":"ann"}""", "query")]
    [InlineData("""{"query":" ","inputs":{},"user":"ann"}""", "query")]
    [InlineData("""{"query":"x","user":"ann"}""", "inputs")]
    [InlineData("""{"query":"x","inputs":{}}""", "user")]
    [InlineData("""{"query":"x","inputs":[],"user":"ann"}""", "inputs")]
    [InlineData("""{"query":7,"inputs":{},"user":"ann"}""", "query")]
    [InlineData("""{"query":"x","inputs":{},"user":"ann","response_mode":"later"}""", "response_mode")]
    [InlineData("""{"query":"x","inputs":{},"user":"ann","conversation_id":"7"}""", "conversation_id")]
    [InlineData("""{"query":"x","inputs":{},"user":"ann","files":[{"type":"image"}]}""", "files")]
    [InlineData("""{"query":"x","inputs":{"city":7},"user":"ann"}""", "city")]
    [InlineData("""{"query":"\ud800","inputs":{"city":"\ud800"},"user":"ann"}""", "")]
    [InlineData("""{"query":"x","inputs":{},"user":"ann" """, "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("", "")]
    public async Task A_bad_body_is_an_invalid_param_that_names_the_field(string body, string field)
    {
        var form = new[] { new Core.Apps.UserInputField("text-input", new Core.Apps.UserInput { Variable = "city" }) };
        await using var world = await ChatWorld.CreateAsync(ChatWorld.Config with { UserInputForm = form }, stop: Stop);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await world.Client.PostAsync("/v1/chat-messages", content, Stop);
        var answer = await ChatWorld.ReadAsync(response, Stop);
        Assert.Equal((400, "invalid_param"), ((int)answer["http"]!, (string)answer["code"]!));
        Assert.Contains(field, (string)answer["message"]!, StringComparison.Ordinal);
        Assert.Empty(world.Model.Chats);
    }

    [Fact]
    public async Task Without_a_good_key_every_endpoint_says_unauthorized()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (_, dataset) = await world.Host.Get<Core.Workspaces.ApiKeys.ApiKeyService>().CreateAsync(
            world.Owner, Core.Workspaces.ApiKeys.ApiKeyKind.Dataset, null, Stop);
        string[] tokens = ["", "app-short", "app-" + new string('x', 32), dataset];
        foreach (var token in tokens)
        {
            using var client = world.Host.CreateClient();
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
            foreach (var path in (string[])["/v1/messages", "/v1/conversations", "/v1/parameters", "/v1/info", "/v1/meta", "/v1/site"])
            {
                using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Stop);
                var answer = await ChatWorld.ReadAsync(response, Stop);
                Assert.Equal((401, "unauthorized"), ((int)answer["http"]!, (string)answer["code"]!));
            }

            using var sent = await client.PostAsJsonAsync("/v1/chat-messages", "no body at all", Stop);
            Assert.Equal(401, (int)sent.StatusCode);
        }
    }

    [Fact]
    public async Task An_app_that_is_not_published_or_switched_off_does_not_answer()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var apps = world.Host.Get<Core.Apps.AppService>();
        await apps.SetAccessAsync(world.Owner, world.App.Id, true, apiEnabled: false, Stop);
        Assert.Equal("forbidden", (string)(await world.SendAsync("Hello", stop: Stop))["code"]!);

        await apps.DeleteAsync(world.Owner, world.App.Id, Stop);
        Assert.Equal("unauthorized", (string)(await world.SendAsync("Hello", stop: Stop))["code"]!);
    }

    [Fact]
    public async Task Texts_with_nul_and_emoji_are_stored_whole()
    {
        await using var world = await ChatWorld.CreateAsync(kind: DatabaseKind.PostgreSql, stop: Stop);
        world.Model.OnChat = _ => new FakeOpenAiReply("a 😀 b");
        var answer = await world.SendAsync("x\0y 😀", stop: Stop);
        Assert.Equal("a 😀 b", (string)answer["answer"]!);
        Assert.Equal("xy 😀", (await world.MessageAsync((string)answer["message_id"]!, Stop)).Query);
    }

    private static async Task<string> FirstMessageIdAsync(HttpResponseMessage answer)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(stream);
        return (string)JsonNode.Parse((await reader.ReadLineAsync(Stop))!["data: ".Length..])!["message_id"]!;
    }
}
