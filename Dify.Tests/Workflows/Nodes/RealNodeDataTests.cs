using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Nodes.KnowledgeRetrieval;
using Dify.Core.Workflows.Nodes.Llm;
using Dify.Core.Workflows.Nodes.ParameterExtractor;
using Dify.Core.Workflows.Nodes.QuestionClassifier;
using Dify.Core.Workflows.Nodes.Tool;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

/// <summary>The data of nodes as exports of all ages have it.</summary>
public sealed class RealNodeDataTests
{
    [Fact]
    public void Every_llm_node_of_real_apps_has_a_model_and_a_prompt()
    {
        var nodes = NodesOf("llm").Select(LlmSettings.Read).ToList();

        Assert.True(nodes.Count > 50);
        Assert.All(nodes, settings =>
        {
            Assert.NotNull(settings.Model.Reference);
            Assert.DoesNotContain('/', settings.Model.Reference.Provider);
            Assert.NotEmpty(settings.Prompts);
        });
        Assert.Contains(nodes, settings => settings.Vision is { IsOn: true, Selector: ["sys", "files"], Detail: "high" });
        Assert.Contains(nodes, settings => settings.Memory is not null);
        Assert.Contains(nodes, settings => settings.Model.Reference!.Provider == "openai-compatible");
        Assert.Contains(nodes, settings => settings.Model.Reference!.Provider == "gemini");
    }

    [Fact]
    public void Every_classifier_extractor_and_tool_node_can_be_read()
    {
        Assert.All(NodesOf("question-classifier").Select(ClassifierSettings.Read), settings =>
        {
            Assert.True(settings.Classes.Count >= 2);
            Assert.All(settings.Classes, one => Assert.NotEmpty(one.Id));
            Assert.Equal(2, settings.QuerySelector.Length);
        });
        Assert.All(NodesOf("parameter-extractor").Select(ExtractorSettings.Read), settings =>
        {
            Assert.NotEmpty(settings.Parameters);
            Assert.False(settings.PrefersFunctionCall);
            Assert.Equal(settings.Parameters.Count, settings.Schema()["properties"]!.AsObject().Count);
        });
        Assert.All(NodesOf("tool").Select(ToolSettings.Read), settings =>
        {
            Assert.NotEmpty(settings.Reference.ToolName);
            Assert.DoesNotContain('/', settings.Reference.ProviderId);
            Assert.All(settings.Parameters.Values, input => Assert.Contains(input.Kind, new[] { "mixed", "variable", "constant" }));
        });
    }

    [Fact]
    public void Every_knowledge_node_says_how_it_searches()
    {
        var nodes = NodesOf("knowledge-retrieval").Select(KnowledgeRetrievalSettings.Read).ToList();

        Assert.NotEmpty(nodes);
        Assert.All(nodes, settings => Assert.Equal(2, settings.QuerySelector.Length));
        Assert.Contains(nodes, settings => settings.IsSingle && settings.RouterModel.Reference is not null);
        Assert.Contains(nodes, settings => !settings.IsSingle && settings.Shared?.RerankModel == new ModelReference("cohere", "rerank-english-v3.0") && settings.TopK == 2);
    }

    private static IEnumerable<NodeDefinition> NodesOf(string type)
    {
        foreach (var file in Directory.EnumerateFiles(SharedFolder.PathOf("dsl"), "*.yml", SearchOption.AllDirectories))
        {
            var nodes = GraphFile.Graph(GraphFile.Read(file))["nodes"] as JsonArray ?? [];
            foreach (var data in nodes.Select(node => node!["data"]!.AsObject()).Where(data => data["type"]?.ToString() == type))
            {
                yield return new NodeDefinition("n", 0, (JsonObject)data.DeepClone());
            }
        }
    }
}
