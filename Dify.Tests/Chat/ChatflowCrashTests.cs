using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Drafts;
using Dify.Tests.Benchmarks;
using Dify.Tests.Support;
using Dify.Tests.Workflows;
using Xunit;

namespace Dify.Tests.Chat;

[Collection(AloneCollection.Name)]
public sealed class ChatflowCrashTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chatflow_that_was_killed_goes_on_and_asks_no_model_twice()
    {
        var folder = Directory.CreateTempSubdirectory("dify-crash-chatflow-").FullName;
        var never = new TaskCompletionSource();
        try
        {
            await using var model = await FakeOpenAiServer.StartAsync();
            var graph = new TestGraph().Model("m1", "first").Add("add", "conversation", "n", 1).Model("m2", "second")
                .Answer("a", "{{#m1.text#}} {{#conversation.n#}} {{#m2.text#}}").Path("s", "m1", "add", "m2", "a");
            var content = new WorkflowContent { Graph = graph.ToJson(), ConversationVariables = [new WorkflowVariable("v", "n", "number", 1)] };
            var token = await ChatBenchmarkApp.PrepareChatflowAsync(folder, model.BaseUrl, content, Stop);
            var reached = new TaskCompletionSource();
            model.OnChat = request =>
            {
                if (request.LastText("system") != "second")
                {
                    return new FakeOpenAiReply("ONE");
                }

                reached.TrySetResult();
                return new FakeOpenAiReply("TWO") { Hold = never.Task };
            };
            string conversation;
            await using (var first = await DifyProcess.StartAsync(folder, cancellationToken: Stop))
            {
                first.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                conversation = await StartAsync(first.Client);
                await reached.Task.WaitAsync(Stop);
                await first.KillAsync();
            }

            model.OnChat = _ => new FakeOpenAiReply("TWO");
            await using var second = await DifyProcess.StartAsync(folder, cancellationToken: Stop);
            second.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            JsonNode message;
            do
            {
                var page = await second.Client.GetFromJsonAsync<JsonObject>($"/v1/messages?user=ann&conversation_id={conversation}", Stop);
                message = Assert.Single(page!["data"]!.AsArray())!;
                Assert.Equal("normal", (string)message["status"]!);
                await Task.Delay(50, Stop);
            }
            while ((string)message["answer"]! == "");

            Assert.Equal("ONE 2 TWO", (string)message["answer"]!);
            Assert.Equal(
                ["first", "second", "second"],
                model.Chats.Select(chat => chat["messages"]![0]!["content"]!.ToString()).Order(StringComparer.Ordinal));
        }
        finally
        {
            never.TrySetResult();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            await TemporaryFolder.DeleteAsync(folder);
        }
    }

    private static async Task<string> StartAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat-messages")
        {
            Content = JsonContent.Create(ChatWorld.Body("Go.", "ann", "streaming")),
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
        return (string)JsonNode.Parse((await reader.ReadLineAsync(Stop))!["data: ".Length..])!["conversation_id"]!;
    }
}
