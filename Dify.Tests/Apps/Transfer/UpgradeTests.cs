using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer;
using Dify.Core.Apps.Transfer.Upgrades;
using Dify.Core.Common;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class UpgradeTests
{
    [Fact]
    public void Ids_without_quotes_become_texts_and_values_stay_numbers()
    {
        var graph = Upgrade("""
            {"nodes":[{"id":17,"position":{},"data":{"type":"code","variables":[{"variable":"a","value_selector":[16,"x"]}],"tool_parameters":{"id":5}}},
                      {"id":18,"parentId":17,"data":{"type":"variable-aggregator","iteration_id":17,"variables":[[17,"r"]]}}],
             "edges":[{"source":17,"target":18}]}
            """);
        Assert.Equal("17", (string)graph["nodes"]![0]!["id"]!);
        Assert.Equal("16", (string)graph["nodes"]![0]!["data"]!["variables"]![0]!["value_selector"]![0]!);
        Assert.Equal(5, (int)graph["nodes"]![0]!["data"]!["tool_parameters"]!["id"]!);
        Assert.Equal(("17", "17"), ((string)graph["nodes"]![1]!["parentId"]!, (string)graph["nodes"]![1]!["data"]!["variables"]![0]![0]!));
        Assert.Equal(("17", "18"), ((string)graph["edges"]![0]!["source"]!, (string)graph["edges"]![0]!["target"]!));
    }

    [Fact]
    public void A_graph_that_was_never_laid_out_stands_in_a_row()
    {
        var graph = Upgrade("""{"nodes":[{"id":"a","data":{"type":"start"}},{"id":"b","data":{"type":"end"}}],"edges":[]}""");
        Assert.Equal((80, 380), ((int)graph["nodes"]![0]!["position"]!["x"]!, (int)graph["nodes"]![1]!["position"]!["x"]!));
        Assert.Equal("custom", (string)graph["nodes"]![1]!["type"]!);
    }

    [Theory]
    [InlineData("iteration", """ "start_node_id":"c" """, "")]
    [InlineData("iteration", "\"startNodeType\":\"llm\"", ",\"isIterationStart\":true")]
    [InlineData("loop", """ "start_node_id":"c" """, "")]
    public void A_container_without_a_start_gets_one_that_leads_to_its_first_node(string kind, string container, string child)
    {
        var graph = Upgrade($$"""
            {"nodes":[{"id":"i","position":{"x":1,"y":2},"data":{"type":"{{kind}}",{{container}} } },
                      {"id":"c","parentId":"i","data":{"type":"llm","{{kind}}_id":"i"{{child}} } }],"edges":[]}
            """);
        Assert.Equal("istart", (string)graph["nodes"]![0]!["data"]!["start_node_id"]!);
        var start = graph["nodes"]![2]!;
        Assert.Equal(($"custom-{kind}-start", $"{kind}-start", "i"), ((string)start["type"]!, (string)start["data"]!["type"]!, (string)start["parentId"]!));
        var edge = graph["edges"]![0]!;
        Assert.Equal(("istart", "c", "i"), ((string)edge["source"]!, (string)edge["target"]!, (string)edge["data"]![$"{kind}_id"]!));
    }

    [Fact]
    public void A_container_with_a_start_is_left_alone()
    {
        var graph = Upgrade("""
            {"nodes":[{"id":"i","position":{},"data":{"type":"iteration","start_node_id":"s"}},
                      {"id":"s","parentId":"i","data":{"type":"iteration-start"}}],"edges":[]}
            """);
        Assert.Equal((2, "s"), (graph["nodes"]!.AsArray().Count, (string)graph["nodes"]![0]!["data"]!["start_node_id"]!));
        Assert.Equal((false, 10, "terminated"), (
            (bool)graph["nodes"]![0]!["data"]!["is_parallel"]!, (int)graph["nodes"]![0]!["data"]!["parallel_nums"]!,
            (string)graph["nodes"]![0]!["data"]!["error_handle_mode"]!));
    }

    [Fact]
    public void Conditions_of_a_node_become_its_only_case()
    {
        var data = Node("""{"type":"if-else","logical_operator":"or","conditions":[{"id":"1"}]}""");
        Assert.Equal(("true", "or", "1"), (
            (string)data["cases"]![0]!["case_id"]!, (string)data["cases"]![0]!["logical_operator"]!, (string)data["cases"]![0]!["conditions"]![0]!["id"]!));
        Assert.NotNull(data["conditions"]);
        Assert.Empty(Node("""{"type":"if-else","cases":[],"conditions":[{"id":"1"}]}""")["cases"]!.AsArray());
    }

    [Theory]
    [InlineData("openai", "langgenius/openai/openai")]
    [InlineData("google", "langgenius/gemini/google")]
    [InlineData("a/b/c", "a/b/c")]
    [InlineData("", "")]
    public void Providers_of_models_get_their_full_names(string was, string now)
    {
        foreach (var type in (string[])["llm", "question-classifier", "parameter-extractor"])
        {
            Assert.Equal(now, (string)Node($$"""{"type":"{{type}}","model":{"provider":"{{was}}","name":"m"} }""")["model"]!["provider"]!);
        }

        var retrieval = Node($$"""{"type":"knowledge-retrieval","multiple_retrieval_config":{"reranking_model":{"provider":"{{was}}"} } }""");
        Assert.Equal(now, (string)retrieval["multiple_retrieval_config"]!["reranking_model"]!["provider"]!);
    }

    [Fact]
    public void An_http_node_without_a_choice_tries_again_and_one_with_a_choice_keeps_it()
    {
        Assert.Equal(3, (int)Node("""{"type":"http-request"}""")["retry_config"]!["max_retries"]!);
        Assert.False((bool)Node("""{"type":"http-request","retry_config":{"retry_enabled":false}}""")["retry_config"]!["retry_enabled"]!);
        Assert.Equal("{}", (string)Node("""{"type":"http-request","body":{"type":"json","data":"{}"}}""")["body"]!["data"]!);
    }

    [Fact]
    public void Raw_settings_of_old_tools_are_wrapped()
    {
        var data = Node("""{"type":"tool","tool_configurations":{"a":1,"b":null,"c":{"type":"mixed","value":"x"}}}""");
        Assert.Equal("2", (string)data["tool_node_version"]!);
        Assert.Equal("""{"a":{"type":"constant","value":1},"b":{"type":"constant","value":null},"c":{"type":"mixed","value":"x"}}""",
            data["tool_configurations"]!.ToJsonString());
        Assert.Equal("""{"a":1}""", Node("""{"type":"tool","version":"1","tool_configurations":{"a":1}}""")["tool_configurations"]!.ToJsonString());
    }

    [Fact]
    public void Edges_get_their_handles_and_types_and_cycles_are_cut()
    {
        var graph = Upgrade("""
            {"nodes":[{"id":"a","position":{},"data":{"type":"start"}},{"id":"b","data":{"type":"code"}},{"id":"c","data":{"type":"llm"}},{"id":"d","data":{"type":"end"}}],
             "edges":[{"source":"a","target":"b"},{"source":"b","target":"c","sourceHandle":"x"},{"source":"c","target":"b"},{"source":"c","target":"d"},{"source":"d","target":"d"}]}
            """, out var changes);
        Assert.Equal(["a>b", "c>d"], graph["edges"]!.AsArray().Select(edge => $"{edge!["source"]}>{edge["target"]}"));
        Assert.Equal(("source", "target", "start", "code"), (
            (string)graph["edges"]![0]!["sourceHandle"]!, (string)graph["edges"]![0]!["targetHandle"]!,
            (string)graph["edges"]![0]!["data"]!["sourceType"]!, (string)graph["edges"]![0]!["data"]!["targetType"]!));
        Assert.Contains(new ReportedChange("cyclic_edges", 3), changes);
    }

    [Fact]
    public void A_long_path_is_no_cycle_and_takes_no_stack()
    {
        var nodes = new JsonArray([.. Enumerable.Range(0, 20_000).Select(i => new JsonObject { ["id"] = $"{i}", ["position"] = new JsonObject(), ["data"] = new JsonObject { ["type"] = "code" } })]);
        var edges = new JsonArray([.. Enumerable.Range(0, 19_999).Select(i => new JsonObject { ["source"] = $"{i}", ["target"] = $"{i + 1}" })]);
        Assert.Equal(19_999, GraphUpgrade.Apply(new JsonObject { ["nodes"] = nodes, ["edges"] = edges }).Graph["edges"]!.AsArray().Count);
    }

    [Fact]
    public void The_first_assigner_is_kept_as_it_is()
    {
        const string data = """{"type":"assigner","assigned_variable_selector":["conversation","a"],"write_mode":"over-write","input_variable_selector":["n","x"]}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(data), Node(data)));
    }

    [Fact]
    public void The_old_switch_for_pictures_becomes_the_one_for_files()
    {
        var (features, changes) = FileUploadFeature.Apply((JsonObject)JsonNode.Parse(
            """{"file_upload":{"image":{"enabled":true,"number_limits":2,"transfer_methods":["local_file"]}},"x":1}""")!);
        Assert.Equal(
            """{"enabled":true,"number_limits":2,"allowed_file_upload_methods":["local_file"],"allowed_file_types":["image"],"allowed_file_extensions":[]}""",
            features["file_upload"]!.ToJsonString());
        Assert.Single(changes);
        Assert.Empty(FileUploadFeature.Apply((JsonObject)JsonNode.Parse("""{"file_upload":{"image":{"enabled":false}}}""")!).Changes);
    }

    [Theory]
    [InlineData("""{"nodes":{}}""")]
    [InlineData("""{"nodes":["a"]}""")]
    [InlineData("""{"nodes":[],"edges":7}""")]
    public void What_is_no_graph_is_refused(string graph) =>
        Assert.Throws<DifyException>(() => GraphUpgrade.Apply((JsonObject)JsonNode.Parse(graph)!));

    private static JsonObject Node(string data) =>
        (JsonObject)Upgrade($$"""{"nodes":[{"id":"n","type":"custom","position":{},"data":{{data}}}],"edges":[]}""")["nodes"]![0]!["data"]!;

    private static JsonObject Upgrade(string graph) => Upgrade(graph, out _);

    /// <summary>Twice: what is up to date is not changed again.</summary>
    private static JsonObject Upgrade(string graph, out IReadOnlyList<ReportedChange> changes)
    {
        var once = GraphUpgrade.Apply((JsonObject)JsonNode.Parse(graph)!);
        changes = once.Changes;
        var twice = GraphUpgrade.Apply(once.Graph);
        Assert.Empty(twice.Changes);
        Assert.True(JsonNode.DeepEquals(once.Graph, twice.Graph));
        return once.Graph;
    }
}
