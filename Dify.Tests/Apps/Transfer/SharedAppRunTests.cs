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
    /// <summary>Files whose code imports modules that are not in Python; where they are missing, the run ends there and says which.</summary>
    private static readonly Dictionary<string, string> Modules = new(StringComparer.Ordinal)
    {
        ["File_read.yml"] = "pandas",
        ["Form表单聊天Demo.yml"] = "requests",
        ["jieba.yml"] = "jieba",
        ["json-repair.yml"] = "json_repair",
        ["matplotlib.yml"] = "matplotlib",
        ["runLLMCode.yml"] = "pandas",
        ["腾讯云SubtitleInfo.yml"] = "requests",
    };

    /// <summary>Files with nodes or tools that are not built in, and the report's words for them.</summary>
    private static readonly Dictionary<string, string> Foreign = new(StringComparer.Ordinal)
    {
        ["完蛋！我被LLM包围了！（战绩排行版）.yml"] = "hexinfo_db_query.sql_query",
        ["旅行Demo.yml"] = "agent, langgenius/agent/agent.function_calling, langgenius/duckduckgo/duckduckgo.ddgo_search",
        ["simple-kimi.yml"] = "duckduckgo.ddgo_search",
        ["Agent工具调用.yml"] = "agent, langgenius/agent/agent.function_calling, langgenius/duckduckgo/duckduckgo.ddgo_search, langgenius/openweather/openweather.weather",
        ["DuckDuckGo翻译+LLM二次翻译.yml"] = "duckduckgo.ddgo_translate",
        ["Claude3 Code Translation.yml"] = "aws.lambda_yaml_to_json",
        ["文章仿写-单图_多图自动搭配.yml"] = "0ad29728-5209-4afe-bc96-daff03091c42.localScrape, 2ebe9c1d-46ef-4735-93f1-e901de242584.imageSearch",
        ["json_translate.yml"] = "google_translate.translate",
        ["AgentFlow.yml"] = "agent, afeaad50-3ca8-4d6b-8e95-ca6993bb2951/agent/agent.TOD",
        ["Deep Researcher On Dify .yml"] = "wikipedia.wikipedia_search",
        ["小支付-DEMO.yml"] = "hjlarry/small_pay/small_pay.create_order, hjlarry/small_pay/small_pay.query_order",
        ["MCP.yml"] = "agent, hjlarry/agent/mcp_agent.function_calling",
        ["Demo-tod_agent.yml"] = "agent, svcvit/agent/agent.TOD",
        ["搜索大师.yml"] = "searxng.searxng_search, jina.jina_reader",
        ["MCP-amap.yml"] = "agent, hjlarry/agent/mcp_agent.function_calling",
        ["Jina Reader Jinja.yml"] = "tavily.tavily_search, jina.jina_reader",
        ["LanguageConsistencyChecker.yml"] = "jina.jina_reader",
    };

    /// <summary>Serves the code of all files that read the model's answer.</summary>
    private const string Answer = """
        ```json
        [{"chapter": "1", "title": "One", "contents": ["a", "b"], "banner": "福到", "top": "上", "bottom": "下", "summary": "春"}]
        ```
        """;

    /// <summary>What the model of <c>runLLMCode.yml</c> is asked for: a program.</summary>
    private const string Program = """
        ```python
        print(1)
        ```
        """;

    private const string Page = """
        {"code": 0, "data": {"stdout": "1", "error": "", "url": "https://example.com/x.png", "data": [{"month": 1, "maxTemp": 2, "minTemp": 1, "rainfall": 3}], "beginYear": 1991, "endYear": 2020}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(SharedApps.Names), MemberType = typeof(SharedApps))]
    public async Task A_real_export_runs_to_the_end_or_its_report_says_what_is_not_built_in(string name)
    {
        var app = await store.ImportAsync(SharedApps.Read(name));
        var report = await store.Imports.ReportAsync(store.Owner, app.Id, Stop);
        var missing = report.Nodes.Where(node => !node.Runs).Select(node => node.Type)
            .Concat(report.Tools.Where(tool => tool.State != ReportedState.Ready).Select(tool => $"{tool.Provider}.{tool.Name}")).ToList();
        Assert.Equal(Foreign.GetValueOrDefault(name, ""), string.Join(", ", missing));
        if (missing.Count > 0)
        {
            return;
        }

        store.Answer = name == "runLLMCode.yml" ? Program : Answer;
        var events = await store.RunAsync(app);
        var failure = events[^1] is GraphRunFailed failed ? failed.Error : null;
        if (failure is not null && Modules.TryGetValue(name, out var module))
        {
            Assert.Contains($"No module named '{module}'", failure, StringComparison.Ordinal);
            return;
        }

        Assert.Null(failure);
        Assert.IsType<GraphRunSucceeded>(events[^1]);
    }

    public sealed class Store : IAsyncLifetime
    {
        private TestDatabase _database = null!;
        private FakeOpenAiServer _model = null!;

        internal Actor Owner { get; private set; } = null!;

        internal string Answer { get; set; } = "";

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
