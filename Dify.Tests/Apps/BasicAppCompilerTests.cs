using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Apps.Compilation;
using Dify.Core.Common;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Support;
using Dify.Tests.Workflows;
using Xunit;

namespace Dify.Tests.Apps;

public sealed class BasicAppCompilerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_chat_app_without_knowledge_is_start_llm_answer()
    {
        var app = BasicAppCompiler.Compile(new AppModelConfig { PrePrompt = "Be short." }, AppMode.Chat);

        Assert.Equal(["start", "llm", "answer"], app.Graph.Nodes.Select(node => node.Type));
        Assert.Equal("Be short.", Prompt(app));
    }

    [Fact]
    public void Enabled_knowledge_comes_before_the_model_and_disabled_is_left_out()
    {
        var (used, unused) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        var config = new AppModelConfig
        {
            DatasetConfigs = new DatasetConfigs
            {
                TopK = 5,
                ScoreThreshold = 0.4,
                ScoreThresholdEnabled = true,
                Datasets = new DatasetList { Datasets = [new(new(true, used)), new(new(false, unused))] },
            },
        };

        var app = BasicAppCompiler.Compile(config, AppMode.Chat);

        Assert.Equal(["start", "knowledge-retrieval", "llm", "answer"], app.Graph.Nodes.Select(node => node.Type));
        var data = app.Graph.Find(BasicAppCompiler.RetrievalId)!.Data;
        Assert.Equal([used], data["dataset_ids"]!.AsArray().Select(id => id!.ToString()));
        Assert.Equal((5, 0.4), ((int)data["multiple_retrieval_config"]!["top_k"]!, (double)data["multiple_retrieval_config"]!["score_threshold"]!));
    }

    [Fact]
    public void Variables_of_the_form_become_references_and_others_stay_text()
    {
        var config = JsonSerializer.Deserialize<AppModelConfig>(
            """
            {"pre_prompt": "{{topic}} {{主题}} {{unknown}} {{ topic }} {{#sys.query#}}",
             "user_input_form": [{"text-input": {"variable": "topic"}}, {"paragraph": {"variable": "主题"}}]}
            """,
            JsonDefaults.Wire)!;

        var app = BasicAppCompiler.Compile(config, AppMode.Chat);
        var variables = app.CreateVariables(new JsonObject { ["topic"] = "A", ["主题"] = "乙", ["other"] = "x" }, "q");

        Assert.Equal(
            "A 乙 {{unknown}} {{ topic }} q", ReferenceTemplate.Parse(Prompt(app)).Render(variables));
    }

    [Fact]
    public void A_text_generator_asks_with_its_instructions()
    {
        var config = JsonSerializer.Deserialize<AppModelConfig>(
            """{"pre_prompt": "Translate {{query}}", "user_input_form": [{"paragraph": {"variable": "query"}}]}""",
            JsonDefaults.Wire)!;

        var llm = BasicAppCompiler.Compile(config, AppMode.Completion).Graph.Find(BasicAppCompiler.LlmId)!.Data;

        Assert.Equal("user", llm["prompt_template"]![0]!["role"]!.ToString());
        Assert.Null(llm["memory"]);
    }

    [Fact]
    public void Modes_with_their_own_graph_are_refused()
    {
        Assert.Equal(
            ErrorCodes.AppUnavailable,
            Assert.Throws<DifyException>(() => BasicAppCompiler.Compile(new AppModelConfig(), AppMode.Workflow)).Code);
    }

    [Fact]
    public async Task A_chat_app_answers_with_the_builtin_model_of_a_new_workspace()
    {
        await using var database = await TestDatabase.CreateAsync();
        var app = BasicAppCompiler.Compile(
            new AppModelConfig { PrePrompt = "<context>The warranty lasts two years. Cats sleep.</context>" }, AppMode.Chat);

        var context = TestRuns.Context().With(new ConversationHistory([]));
        var events = await database.Get<GraphEngine>().RunAsync(
            new GraphRunRequest(app.Graph, app.CreateVariables([], "How long does the warranty last?"), context), Cancellation)
            .ToListAsync(Cancellation);

        var streamed = string.Concat(events.OfType<NodeRunStreamChunk>().Select(piece => piece.Chunk));
        Assert.Contains("The warranty lasts two years.", streamed, StringComparison.Ordinal);
        Assert.Equal(streamed, Assert.IsType<GraphRunSucceeded>(events[^1]).Outputs["answer"]!.ToString());
    }

    private static string Prompt(CompiledApp app) =>
        app.Graph.Find(BasicAppCompiler.LlmId)!.Data["prompt_template"]![0]!["text"]!.ToString();
}
