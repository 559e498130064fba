using System.Net.Http.Headers;
using System.Net.Http.Json;

using System.Text.Json.Nodes;
using Dify.Core.Apps;

using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;

namespace Dify.Tests.Chat;

/// <summary>A whole program with an owner, a fake model, and a published chat app with a key.</summary>
internal sealed class ChatWorld : IAsyncDisposable
{
    private string? _postgres;

    private ChatWorld(DifyHost host, FakeOpenAiServer model)
    {
        Host = host;
        Model = model;
    }

    public DifyHost Host { get; }

    public FakeOpenAiServer Model { get; }

    public Actor Owner { get; private set; } = null!;

    public App App { get; private set; } = null!;

    public string Token { get; private set; } = "";

    /// <summary>Where a browser reaches the program; empty when it does not listen.</summary>
    public string Address { get; private set; } = "";

    /// <summary>A client with the app's key.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static AppModelConfig Config { get; } = new()
    {
        Model = new AppModelSelection("openai-compatible", "fake-chat"),
        PrePrompt = "Be short.",
    };

    public static async Task<ChatWorld> CreateAsync(
        AppModelConfig? config = null, DatabaseKind kind = DatabaseKind.Sqlite, bool listens = false,
        IEnumerable<KeyValuePair<string, string?>>? further = null, CancellationToken stop = default)
    {
        var settings = new Dictionary<string, string?>(further ?? []);
        string? postgres = null;
        if (kind == DatabaseKind.PostgreSql)
        {
            postgres = await TestDatabase.CreatePostgresDatabaseAsync();
            settings["Storage:Kind"] = nameof(DatabaseKind.PostgreSql);
            settings["Storage:ConnectionString"] = TestDatabase.PostgresConnectionString(postgres);
        }

        var model = await FakeOpenAiServer.StartAsync();
        var host = new DifyHost(settings);
        var world = new ChatWorld(host, model) { _postgres = postgres };
        world.Address = listens ? host.StartOnPort() : "";
        var account = await host.Get<SetupService>().SetUpAsync(
            "owner@example.com", "Owner", "passw0rd1", cancellationToken: stop);
        world.Owner = await host.Get<WorkspaceAccess>().GetActorAsync(account, cancellationToken: stop);
        await host.Get<ProviderService>().SaveAsync(
            world.Owner, "openai-compatible",
            new Dictionary<string, string?> { ["base_url"] = model.BaseUrl, ["api_key"] = "sk-test" }, stop);
        (world.App, world.Token) = await world.AddAppAsync(config ?? Config, stop);
        world.Client = world.ClientOf(world.Token);
        return world;
    }

    public async Task<(App App, string Token)> AddAppAsync(AppModelConfig config, CancellationToken stop)
    {
        var apps = Host.Get<AppService>();
        var app = await apps.CreateAsync(Owner, new NewApp("Helper"), stop);
        app = await apps.SaveAndPublishAsync(Owner, app.Id, config, stop);
        var (_, token) = await Host.Get<ApiKeyService>().CreateAsync(Owner, ApiKeyKind.App, app.Id, stop);
        return (app, token);
    }

    public HttpClient ClientOf(string token)
    {
        var client = Host.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Sends a message that waits for its answer.</summary>
    public async Task<JsonObject> SendAsync(
        string query, string user = "ann", string? conversationId = null, JsonObject? inputs = null, CancellationToken stop = default)
    {
        using var answer = await Client.PostAsJsonAsync(
            "/v1/chat-messages", Body(query, user, "blocking", conversationId, inputs), stop);
        return await ReadAsync(answer, stop);
    }

    /// <summary>Sends a message and reads its stream to the end.</summary>
    public async Task<List<JsonObject>> StreamAsync(
        string query, string user = "ann", string? conversationId = null, CancellationToken stop = default)
    {
        using var answer = await OpenStreamAsync(query, user, conversationId, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        return [.. ParseEvents(text)];
    }

    public async Task<HttpResponseMessage> OpenStreamAsync(
        string query, string user = "ann", string? conversationId = null, CancellationToken stop = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat-messages")
        {
            Content = JsonContent.Create(Body(query, user, "streaming", conversationId, null)),
        };
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    public static IEnumerable<JsonObject> ParseEvents(string stream)
    {
        foreach (var part in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (part != "event: ping")
            {
                yield return JsonNode.Parse(part["data: ".Length..])!.AsObject();
            }
        }
    }

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var text = await answer.Content.ReadAsStringAsync(stop);
        var json = text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
        json["http"] = (int)answer.StatusCode;
        return json;
    }

    public static JsonObject Body(string query, string user, string mode, string? conversationId = null, JsonObject? inputs = null) => new()
    {
        ["query"] = query,
        ["inputs"] = inputs ?? [],
        ["user"] = user,
        ["response_mode"] = mode,
        ["conversation_id"] = conversationId ?? "",
    };

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await Host.DisposeAsync();
        await Model.DisposeAsync();
        if (_postgres is not null)
        {
            await TestDatabase.DropPostgresDatabaseAsync(_postgres);
        }
    }
}
