using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Egress;
using Dify.Core.Models;
using Dify.Core.Models.Credentials;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

/// <summary>
/// The real exports that use nothing but built-in nodes and tools are imported, given a model, and run: the model is the
/// fake server, and whatever lies on the network answers with a small JSON object.
/// </summary>
public sealed class SharedAppRunTests(SharedAppRunTests.Store store) : IClassFixture<SharedAppRunTests.Store>
{
    /// <summary>Files whose code needs modules that no bare Python has: their run ends at that node, and says which.</summary>
    private static readonly Dictionary<string, string> NotToTheEnd = new(StringComparer.Ordinal)
    {
        ["File_read.yml"] = "No module named 'pandas'",
        ["Form表单聊天Demo.yml"] = "No module named 'requests'",
        ["jieba.yml"] = "No module named 'jieba'",
        ["json-repair.yml"] = "No module named 'json_repair'",
        ["matplotlib.yml"] = "No module named 'matplotlib'",
        ["runLLMCode.yml"] = "No module named 'pandas'",
        ["腾讯云SubtitleInfo.yml"] = "No module named 'requests'",
    };

    /// <summary>Serves the code of all files that read the model's answer.</summary>
    private const string Answer = """
        ```json
        [{"chapter": "1", "title": "One", "contents": ["a", "b"], "banner": "福到", "top": "上", "bottom": "下", "summary": "春"}]
        ```
        """;

    private const string Page = """
        {"code": 0, "data": {"url": "https://example.com/x.png", "data": [{"month": 1, "maxTemp": 2, "minTemp": 1, "rainfall": 3}], "beginYear": 1991, "endYear": 2020}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(SharedApps.Names), MemberType = typeof(SharedApps))]
    public async Task A_real_export_of_built_in_nodes_runs_to_the_end(string name)
    {
        var app = await store.ImportAsync(SharedApps.Read(name));
        var report = await store.Imports.ReportAsync(store.Owner, app.Id, Stop);
        var missing = report.Nodes.Where(node => !node.Runs).Select(node => node.Type)
            .Concat(report.Tools.Where(tool => tool.State != ReportedState.Ready).Select(tool => $"{tool.Provider}.{tool.Name}")).ToList();
        Assert.SkipUnless(missing.Count == 0, "needs " + string.Join(", ", missing));

        var events = await store.RunAsync(app);
        var failure = events[^1] is GraphRunFailed failed ? failed.Error : null;
        if (NotToTheEnd.TryGetValue(name, out var reason))
        {
            Assert.Contains(reason, failure, StringComparison.Ordinal);
        }
        else
        {
            Assert.Null(failure);
            Assert.IsType<GraphRunSucceeded>(events[^1]);
        }
    }

    public sealed class Store : IAsyncLifetime
    {
        private TestDatabase _database = null!;
        private FakeOpenAiServer _model = null!;

        internal Actor Owner { get; private set; } = null!;

        internal AppImportService Imports => _database.Get<AppImportService>();

        public async ValueTask InitializeAsync()
        {
            _model = await FakeOpenAiServer.StartAsync();
            _model.OnChat = _ => new FakeOpenAiReply(Answer);
            _database = await TestDatabase.CreateAsync(configure: services =>
                services.AddHttpClient(EgressClients.Requests).ConfigurePrimaryHttpMessageHandler(() => new Outside()));
            var account = await _database.Get<SetupService>().SetUpAsync("owner@example.com", "Owner", "passw0rd1", cancellationToken: Stop);
            Owner = await _database.Get<WorkspaceAccess>().GetActorAsync(account, cancellationToken: Stop);
            await _database.Get<ProviderService>().SaveAsync(
                Owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = _model.BaseUrl, ["api_key"] = "sk-test" }, Stop);
        }

        public async ValueTask DisposeAsync()
        {
            await _model.DisposeAsync();
            await _database.DisposeAsync();
        }

        internal async Task<App> ImportAsync(string yaml)
        {
            var result = await Imports.ImportAsync(Owner, new ImportRequest(ImportRequest.FromContent, yaml), Stop);
            foreach (var model in result.Report!.Models.Where(model => model.Type == "llm"))
            {
                await _database.Get<AppSetupService>().ReplaceModelAsync(
                    Owner, result.App!.Id, model.Provider, model.Name, new ModelReference("openai-compatible", "fake-chat"), Stop);
            }

            return result.App!;
        }

        internal async Task<List<GraphEvent>> RunAsync(App app)
        {
            var version = await _database.Get<WorkflowDraftService>().SnapshotAsync(Owner, app.Id, Stop);
            var workflow = (await _database.Get<WorkflowVersions>().FindAsync(Owner.WorkspaceId, version, Stop))!;
            var context = new RunContext
            {
                RunId = Guid.CreateVersion7(), WorkspaceId = Owner.WorkspaceId, AppId = app.Id, UserId = Owner.AccountId.ToString(), InvokeFrom = "debugger",
            };
            var inputs = new JsonObject();
            foreach (var field in StartForm.Read(workflow.Graph.Root))
            {
                inputs[field.Variable] = Value(field);
            }

            var conversation = new JsonObject();
            foreach (var variable in workflow.ConversationVariables)
            {
                conversation[variable.Name] = variable.Value?.DeepClone();
            }

            var beginning = new RunBeginning(WorkflowRunner.RunKind, inputs, System(context)) { Conversation = conversation };
            var variables = beginning.CreateVariables(workflow.Graph, workflow.EnvironmentVariables, workflow.ConversationVariables);
            return await _database.Get<GraphEngine>().RunAsync(new GraphRunRequest(workflow.Graph, variables, context), Stop).ToListAsync(Stop);
        }

        private static JsonObject System(RunContext context) => new()
        {
            ["query"] = "What can you do?",
            ["files"] = new JsonArray(),
            ["conversation_id"] = context.RunId.ToString(),
            ["dialogue_count"] = 1,
            ["user_id"] = context.UserId,
            ["app_id"] = context.AppId.ToString(),
            ["workflow_id"] = context.AppId.ToString(),
            ["workflow_run_id"] = context.RunId.ToString(),
        };

        private static JsonNode? Value(StartField field) => field.Kind switch
        {
            StartField.Number => 7,
            StartField.Checkbox => true,
            StartField.Select => field.Options.Count > 0 ? field.Options[0] : "",
            StartField.File => null,
            StartField.FileList => new JsonArray(),
            _ => string.Create(CultureInfo.InvariantCulture, $"Some words about {field.Variable}."),
        };
    }

    /// <summary>Every server there is.</summary>
    private sealed class Outside : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                RequestMessage = request,
                Content = new StringContent(Page, Encoding.UTF8, "application/json"),
            });
    }
}
