using System.Text.Json.Nodes;
using Dify.Core.Models.Credentials;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

/// <summary>A workspace with a fake model, and the real nodes.</summary>
internal sealed class ModelBench : IAsyncDisposable
{
    private ModelBench(TestDatabase database, FakeOpenAiServer model, Actor owner) => (Database, Model, Owner) = (database, model, owner);

    public TestDatabase Database { get; }

    public FakeOpenAiServer Model { get; }

    public Actor Owner { get; }

    public VariablePool Variables { get; } = new();

    public ConversationHistory? History { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The messages of the last request.</summary>
    public JsonArray Sent => Model.Chats[^1]["messages"]!.AsArray();

    public static async Task<ModelBench> StartAsync()
    {
        var database = await TestDatabase.CreateAsync();
        var model = await FakeOpenAiServer.StartAsync();
        var account = await database.Get<Dify.Core.Workspaces.Setup.SetupService>().SetUpAsync(
            "owner@example.com", "Owner", "passw0rd1", cancellationToken: Cancellation);
        var owner = await database.Get<WorkspaceAccess>().GetActorAsync(account, cancellationToken: Cancellation);
        await database.Get<ProviderService>().SaveAsync(
            owner, "openai-compatible",
            new Dictionary<string, string?> { ["base_url"] = model.BaseUrl, ["api_key"] = "sk-test" }, Cancellation);
        return new ModelBench(database, model, owner);
    }

    public static JsonObject ModelConfig(string mode = "chat", JsonObject? parameters = null) => new()
    {
        ["provider"] = "langgenius/openai_api_compatible/openai_api_compatible",
        ["name"] = "fake-chat",
        ["mode"] = mode,
        ["completion_params"] = parameters ?? [],
    };

    public RunContext Context()
    {
        var context = new RunContext
        {
            RunId = Guid.CreateVersion7(), WorkspaceId = Owner.WorkspaceId, AppId = Guid.CreateVersion7(),
            UserId = Owner.AccountId.ToString(), InvokeFrom = "debugger",
        };
        return History is null ? context : context.With(History);
    }

    public Task<List<GraphEvent>> RunAsync(GraphDefinition graph, CancellationToken? stop = null) => Database.Get<GraphEngine>()
        .RunAsync(new GraphRunRequest(graph, Variables, Context()), stop ?? Cancellation).ToListAsync(CancellationToken.None).AsTask();

    /// <summary>Runs one node between start and end, and gives its result, succeeded or failed.</summary>
    public async Task<NodeResult> RunNodeAsync(string type, JsonObject data)
    {
        var events = await RunAsync(new TestGraph().Node("n", type, data).End("e", "x", "n", "x").Path("s", "n", "e").Build());
        return ResultOf(events, "n");
    }

    public static NodeResult ResultOf(IEnumerable<GraphEvent> events, string nodeId) => events
        .Select(item => item switch
        {
            NodeRunSucceeded done when done.NodeId == nodeId => done.Result,
            NodeRunFailed failed when failed.NodeId == nodeId => failed.Result,
            _ => null,
        })
        .OfType<NodeResult>().Single();

    public static string Text(JsonNode? message) => message!["content"] is JsonArray parts
        ? string.Concat(parts.Select(part => part!["text"]?.ToString()))
        : message["content"]?.ToString() ?? "";

    public async ValueTask DisposeAsync()
    {
        await Model.DisposeAsync();
        await Database.DisposeAsync();
    }
}
