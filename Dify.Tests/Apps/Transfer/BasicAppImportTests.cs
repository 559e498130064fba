using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class BasicAppImportTests
{
    private const string Chat = """
        app: {mode: chat, name: Chat}
        model_config:
          x_config: 1
          agent_mode: {enabled: false, max_iteration: 5, strategy: function_call, tools: [{provider_id: time, tool_name: t, credential_id: c, x_tool: 1}]}
          annotation_reply: {enabled: true, id: foreign}
          chat_prompt_config: {}
          completion_prompt_config: {}
          dataset_configs:
            datasets: {strategy: router, datasets: [{dataset: {enabled: true, id: 6f9619ff-8b86-d011-b42d-00cf4fc964ff, x_dataset: 1}, x_entry: 1}]}
            retrieval_model: single
            top_k: '4'
            x_datasets: 1
          dataset_query_variable: ''
          external_data_tools: [{type: api, variable: v, config: {api_based_extension_id: e}}]
          file_upload: {image: {detail: high, enabled: false, number_limits: 3, transfer_methods: [remote_url]}}
          model: {provider: openai, name: gpt-4o, mode: chat, completion_params: {stop: [], temperature: 0.70}, x_model: 1}
          more_like_this: {enabled: false}
          opening_statement: Hello {{name}}
          pre_prompt: "Be kind to {{name}}.\n"
          prompt_type: simple
          retriever_resource: {enabled: false, x_feature: 1}
          sensitive_word_avoidance: {enabled: true, type: keywords, config: {keywords: bad}}
          speech_to_text: {enabled: false}
          suggested_questions: [One?, 2]
          suggested_questions_after_answer: {enabled: true}
          text_to_speech: {enabled: true, voice: v, language: zh}
          user_input_form:
          - text-input: {variable: name, label: 12, required: true, max_length: '48', default: '', x_field: 1}
          - select: {variable: s, label: S, required: false, options: [a, 1]}
          - external_data_tool: {variable: v, type: api, config: {a: 1}}
        """;

    [Fact]
    public async Task Nothing_of_a_configuration_is_lost_and_all_twenty_keys_are_exported()
    {
        await using var world = await TransferWorld.CreateAsync();
        var app = await world.ImportedAsync(Chat);
        Assert.Equal((AppMode.Chat, "Be kind to {{name}}.\n", 4), (app.Mode, app.Draft.PrePrompt, app.Draft.DatasetConfigs!.TopK));
        var config = (JsonObject)(await world.ExportJsonAsync(app))["model_config"]!;
        foreach (var (path, json) in ((string, string)[])[
            ("x_config", "1"), ("agent_mode.max_iteration", "5"), ("agent_mode.tools.0.x_tool", "1"), ("annotation_reply", """{"enabled":false}"""),
            ("dataset_configs.datasets.strategy", "\"router\""), ("dataset_configs.datasets.datasets.0.x_entry", "1"),
            ("dataset_configs.datasets.datasets.0.dataset.x_dataset", "1"), ("dataset_configs.x_datasets", "1"), ("dataset_configs.retrieval_model", "\"single\""),
            ("external_data_tools.0.config.api_based_extension_id", "\"e\""), ("file_upload.image.detail", "\"high\""),
            ("model.x_model", "1"), ("model.completion_params", """{"stop":[],"temperature":0.7}"""), ("retriever_resource.x_feature", "1"),
            ("sensitive_word_avoidance.config.keywords", "\"bad\""), ("suggested_questions", """["One?","2"]"""), ("text_to_speech.voice", "\"v\""),
            ("user_input_form.0.text-input.x_field", "1"), ("user_input_form.1.select.options", """["a","1"]"""), ("user_input_form.2.external_data_tool.config.a", "1")])
        {
            Assert.Equal(json, path.Split('.').Aggregate((JsonNode?)config, (at, key) => int.TryParse(key, out var i) ? at![i] : at![key])!.ToJsonString());
        }

        Assert.Null(config["agent_mode"]!["tools"]![0]!["credential_id"]);
        Assert.Equal(21, config.Count);
        var again = await world.ImportedAsync(await world.ExportAsync(app));
        Assert.Equal(await world.ExportAsync(app), await world.ExportAsync(again));
    }

    [Fact]
    public async Task What_has_no_readable_form_is_kept_for_the_export()
    {
        await using var world = await TransferWorld.CreateAsync();
        var app = await world.ImportedAsync("app: {mode: completion, name: x}\nmodel_config: {pre_prompt: 7, model: [odd], dataset_configs: {datasets: {datasets: [7]}}, user_input_form: nothing}");
        Assert.Equal((AppMode.Completion, "7", null), (app.Mode, app.Draft.PrePrompt, app.Draft.Model));
        var config = (await world.ExportJsonAsync(app))["model_config"]!;
        Assert.Equal(("""["odd"]""", "7", "nothing"), (
            config["model"]!.ToJsonString(), config["dataset_configs"]!["datasets"]!["datasets"]![0]!.ToJsonString(), (string)config["user_input_form"]!));
    }

    [Theory]
    [InlineData("chat", "enabled: true, strategy: react", AppMode.AgentChat)]
    [InlineData("chat", "enabled: true, strategy: router", AppMode.Chat)]
    [InlineData("chat", "enabled: false, strategy: react", AppMode.Chat)]
    [InlineData("agent-chat", "enabled: false", AppMode.AgentChat)]
    public async Task A_chat_that_calls_tools_by_itself_is_an_agent(string mode, string agent, AppMode expected)
    {
        await using var world = await TransferWorld.CreateAsync();
        var result = await world.ImportAsync($"app: {{mode: {mode}, name: x}}\nmodel_config: {{agent_mode: {{{agent}, tools: [{{provider_id: time, provider_type: builtin, tool_name: current_time}}]}}}}");
        Assert.Equal((expected, expected == AppMode.Chat), (result.App!.Mode, result.Report!.ModeRuns));
        Assert.Equal("current_time", Assert.Single(result.Report.Tools).Name);
    }
}
