using System.Text.Json.Nodes;
using Dify.Core.Knowledge;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Tests.Knowledge;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

public sealed class KnowledgeRetrievalNodeTests : IAsyncLifetime
{
    private ModelBench _bench = null!;
    private KnowledgeSeed _seed = null!;
    private KnowledgeBase _pumps = null!;
    private KnowledgeBase _lamps = null!;
    private Document _old = null!;
    private Document _new = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await ModelBench.StartAsync();
        _bench.Variables.Set("sys", "query", "warranty");
        _seed = new KnowledgeSeed(_bench.Database, _bench.Owner.WorkspaceId, _bench.Owner.AccountId);
        _pumps = await _seed.BaseAsync();
        _lamps = await _seed.BaseAsync();
        _old = (await _seed.DocumentAsync(_pumps, "The warranty of a pump lasts two years.", "Valves are tested twice.")).Document;
        _new = (await _seed.DocumentAsync(_lamps, "A warranty needs the receipt; warranty cards help.", "Lamps are replaced.")).Document;
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Several_bases_are_searched_and_the_result_has_Difys_shape()
    {
        var events = await _bench.RunAsync(new TestGraph()
            .Node("k", "knowledge-retrieval", Data(new JsonObject { ["top_k"] = 5, ["reranking_enable"] = false }))
            .Node("m", "llm", new JsonObject
            {
                ["model"] = ModelBench.ModelConfig(),
                ["prompt_template"] = new JsonArray(new JsonObject { ["role"] = "user", ["text"] = "{{#context#}}" }),
                ["context"] = new JsonObject { ["enabled"] = true, ["variable_selector"] = new JsonArray("k", "result") },
            })
            .Answer("a", "{{#m.text#}}").Path("s", "k", "m", "a").Build());

        var passages = ModelBench.ResultOf(events, "k").Outputs["result"]!.AsArray();
        Assert.Equal(2, passages.Count);
        Assert.Equal(["metadata", "title", "files", "content", "summary"], passages[0]!.AsObject().Select(item => item.Key));
        Assert.Equal(
            ["_source", "dataset_id", "dataset_name", "document_id", "document_name", "data_source_type", "segment_id", "retriever_from", "score",
                "child_chunks", "segment_hit_count", "segment_word_count", "segment_position", "segment_index_node_hash", "doc_metadata", "position"],
            passages[0]!["metadata"]!.AsObject().Select(item => item.Key));
        Assert.Equal([1, 2], passages.Select(passage => passage!["metadata"]!["position"]!.GetValue<int>()));
        Assert.True(passages[0]!["metadata"]!["score"]!.GetValue<double>() >= passages[1]!["metadata"]!["score"]!.GetValue<double>());

        // Cited are the passages that the model was given, so the model's node says which.
        var cited = Assert.Single(events.OfType<NodeRunRetrieverResource>());
        Assert.Equal(("m", 2), (cited.NodeId, cited.Resources.Count));
        Assert.Contains("receipt", ModelBench.Text(_bench.Sent[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bases_of_other_workspaces_and_encrypted_ids_are_left_out()
    {
        var data = Data(new JsonObject { ["top_k"] = 5 });
        data["dataset_ids"] = new JsonArray(Guid.CreateVersion7().ToString(), "n5DLpyNbc0pMnBhh==", _pumps.Id.ToString());

        Assert.Single((await _bench.RunNodeAsync("knowledge-retrieval", data)).Outputs["result"]!.AsArray());
    }

    [Fact]
    public async Task An_empty_question_finds_nothing_and_one_that_is_no_text_fails()
    {
        _bench.Variables.Set("sys", "query", "");
        Assert.Empty((await _bench.RunNodeAsync("knowledge-retrieval", Data([]))).Outputs["result"]!.AsArray());

        _bench.Variables.Set("sys", "query", 5);
        Assert.Equal("Query variable is not string type.", (await _bench.RunNodeAsync("knowledge-retrieval", Data([]))).Error);
    }

    [Fact]
    public async Task A_rerank_model_that_is_not_set_up_is_named_and_weighted_scores_need_none()
    {
        var config = Reranked("langgenius/cohere/cohere", "rerank-english-v3.0", 2);
        var failed = await _bench.RunNodeAsync("knowledge-retrieval", Data((JsonObject)config.DeepClone()));
        config["reranking_mode"] = "weighted_score";
        config["weights"] = new JsonObject { ["vector_setting"] = new JsonObject { ["vector_weight"] = 0 }, ["keyword_setting"] = new JsonObject { ["keyword_weight"] = 1 } };
        var found = await _bench.RunNodeAsync("knowledge-retrieval", Data(config));

        Assert.Contains("'rerank-english-v3.0'", failed.Error, StringComparison.Ordinal);
        Assert.Contains("'cohere'", failed.Error, StringComparison.Ordinal);
        Assert.Contains("Settings, Model providers", failed.Error, StringComparison.Ordinal);
        Assert.Equal("provider_not_initialize", failed.ErrorCode);
        Assert.Equal(2, found.Outputs["result"]!.AsArray().Count);
        Assert.Empty(_bench.Model.Reranks);
    }

    [Theory]
    [InlineData("langgenius/openai_api_compatible/openai_api_compatible", "provider", "model")]
    [InlineData("openai-compatible", "reranking_provider_name", "reranking_model_name")]
    public async Task A_rerank_model_puts_the_passages_of_all_bases_in_order(string provider, string providerKey, string modelKey)
    {
        const string Pump = "The warranty of a pump lasts two years.";
        const string Receipt = "A warranty needs the receipt; warranty cards help.";
        _bench.Model.OnScore = text => text == Pump ? 0.91 : 0.6;
        var config = Reranked(provider, "jina-reranker-v2", 2);
        config["reranking_model"] = new JsonObject { [providerKey] = provider, [modelKey] = "jina-reranker-v2" };
        var found = await _bench.RunNodeAsync("knowledge-retrieval", Data((JsonObject)config.DeepClone()));
        _bench.Model.OnScore = text => text == Pump ? 0.6 : 0.91;
        var turned = await _bench.RunNodeAsync("knowledge-retrieval", Data((JsonObject)config.DeepClone()));
        config["score_threshold"] = 0.7;
        var above = await _bench.RunNodeAsync("knowledge-retrieval", Data((JsonObject)config.DeepClone()));
        config["reranking_enable"] = false;
        await _bench.RunNodeAsync("knowledge-retrieval", Data(config));

        Assert.Equal([(Pump, 0.91, 1), (Receipt, 0.6, 2)], Passages(found));
        Assert.Equal([(Receipt, 0.91, 1), (Pump, 0.6, 2)], Passages(turned));
        Assert.Equal([(Receipt, 0.91, 1)], Passages(above));
        Assert.Equal(3, _bench.Model.Reranks.Count);
        var asked = _bench.Model.Reranks[0];
        Assert.Equal(("jina-reranker-v2", "warranty", 2), ((string)asked["model"]!, (string)asked["query"]!, (int)asked["top_n"]!));
        Assert.Equal(2, asked["documents"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_rerank_call_that_fails_fails_the_node_in_words()
    {
        _bench.Model.OnRerank = _ => new FakeOpenAiReply("no such model") { Status = 404 };
        var failed = await _bench.RunNodeAsync("knowledge-retrieval", Data(Reranked("openai-compatible", "jina-reranker-v2", 2)));

        Assert.Equal("model_currently_not_support", failed.ErrorCode);
        Assert.Contains("'jina-reranker-v2'", failed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("document_name", "is", "{{#s.name#}}", true, false)]
    [InlineData("document_name", "contains", "Document", true, true)]
    [InlineData("document_name", "contains", "document", false, false)]
    [InlineData("document_name", "not contains", "Document", false, false)]
    [InlineData("document_name", "end with", ".txt", true, true)]
    [InlineData("document_name", "in", "{{#s.name#}}, x", true, false)]
    [InlineData("uploader", "is", "Owner", true, true)]
    [InlineData("uploader", "is not", "Owner", false, false)]
    [InlineData("upload_date", "before", "1700000000", true, true)]
    [InlineData("upload_date", "after", "2023-01-01", false, false)]
    [InlineData("source", "is", "file_upload", true, true)]
    [InlineData("author", "empty", null, true, true)]
    [InlineData("author", "not empty", null, false, false)]
    [InlineData("author", "is", "Bo", false, false)]
    [InlineData("author", "is", null, true, true)]
    public async Task Manual_conditions_choose_the_documents(string name, string comparison, string? value, bool findsOld, bool findsNew)
    {
        _bench.Variables.Set("s", "name", _old.Name);
        var data = Data(new JsonObject { ["top_k"] = 5 });
        data["metadata_filtering_mode"] = "manual";
        data["metadata_filtering_conditions"] = new JsonObject
        {
            ["logical_operator"] = "and",
            ["conditions"] = new JsonArray(new JsonObject { ["name"] = name, ["comparison_operator"] = comparison, ["value"] = value }),
        };

        var found = (await _bench.RunNodeAsync("knowledge-retrieval", data)).Outputs["result"]!.AsArray()
            .Select(passage => passage!["metadata"]!["document_id"]!.ToString()).ToHashSet();

        Assert.Equal((findsOld, findsNew), (found.Contains(_old.Id.ToString()), found.Contains(_new.Id.ToString())));
    }

    [Fact]
    public async Task Conditions_are_joined_as_the_node_says()
    {
        var data = Data(new JsonObject { ["top_k"] = 5 });
        data["metadata_filtering_mode"] = "manual";
        foreach (var (joint, expected) in new[] { ("and", 0), ("or", 2) })
        {
            data["metadata_filtering_conditions"] = new JsonObject
            {
                ["logical_operator"] = joint,
                ["conditions"] = new JsonArray(
                    new JsonObject { ["name"] = "document_name", ["comparison_operator"] = "is", ["value"] = _old.Name },
                    new JsonObject { ["name"] = "document_name", ["comparison_operator"] = "is", ["value"] = _new.Name }),
            };

            var result = await _bench.RunNodeAsync("knowledge-retrieval", (JsonObject)data.DeepClone());

            Assert.Equal(expected, result.Outputs["result"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task A_model_may_make_the_conditions()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply(
            $$"""{"conditions": [{"name": "document_name", "comparison_operator": "is", "value": "{{_new.Name}}"}, {"name": "password", "comparison_operator": "is", "value": "x"}, 5]}""");
        var data = Data(new JsonObject { ["top_k"] = 5 });
        data["metadata_filtering_mode"] = "automatic";
        data["metadata_model_config"] = ModelBench.ModelConfig();

        var result = await _bench.RunNodeAsync("knowledge-retrieval", data);

        Assert.Equal(_new.Id.ToString(), Assert.Single(result.Outputs["result"]!.AsArray())!["metadata"]!["document_id"]!.ToString());
        Assert.Equal(18, result.Metadata["total_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task In_single_mode_a_model_chooses_the_base()
    {
        var data = Data([]);
        data["retrieval_mode"] = "single";
        data["single_retrieval_config"] = new JsonObject { ["model"] = ModelBench.ModelConfig() };

        _bench.Model.OnChat = _ => new FakeOpenAiReply($$"""{"id": "{{_lamps.Id}}"}""");
        var chosen = await _bench.RunNodeAsync("knowledge-retrieval", (JsonObject)data.DeepClone());
        _bench.Model.OnChat = _ => new FakeOpenAiReply($$"""{"id": "{{Guid.CreateVersion7()}}"}""");
        var invented = await _bench.RunNodeAsync("knowledge-retrieval", (JsonObject)data.DeepClone());
        var asked = _bench.Model.Chats.Count;
        data["dataset_ids"] = new JsonArray(_pumps.Id.ToString());
        var only = await _bench.RunNodeAsync("knowledge-retrieval", data);

        Assert.Equal(_new.Id.ToString(), Assert.Single(chosen.Outputs["result"]!.AsArray())!["metadata"]!["document_id"]!.ToString());
        Assert.Empty(invented.Outputs["result"]!.AsArray());
        Assert.Single(only.Outputs["result"]!.AsArray());
        Assert.Equal(asked, _bench.Model.Chats.Count);
    }

    private static JsonObject Reranked(string provider, string model, int topK) => new()
    {
        ["top_k"] = topK,
        ["reranking_mode"] = "reranking_model",
        ["reranking_model"] = new JsonObject { ["provider"] = provider, ["model"] = model },
    };

    private static IEnumerable<(string, double, int)> Passages(NodeResult result) => result.Outputs["result"]!.AsArray().Select(passage => (
        passage!["content"]!.ToString(), passage["metadata"]!["score"]!.GetValue<double>(), passage["metadata"]!["position"]!.GetValue<int>()));

    private JsonObject Data(JsonObject config) => new()
    {
        ["query_variable_selector"] = new JsonArray("sys", "query"),
        ["dataset_ids"] = new JsonArray(_pumps.Id.ToString(), _lamps.Id.ToString()),
        ["retrieval_mode"] = "multiple",
        ["multiple_retrieval_config"] = config,
    };
}
