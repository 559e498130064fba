using System.Text.Json.Nodes;
using System.Xml.Linq;
using Dify.Core.Apps.Transfer.Yaml;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Drafts.Checking;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Nodes;
using Dify.Tests.Support;
using Dify.Tests.Workflows.Drafts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Workflows;

/// <summary>Each node type is complete: it can be read and written, drawn and explained.</summary>
public sealed class NodeCatalogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Types { get; } = [.. NodeCatalog.All.Select(node => node.Type)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_has_an_icon_a_name_and_a_description_in_both_languages(string type)
    {
        Assert.NotEmpty(NodeCatalog.Find(type)!.IconKey);
        foreach (var culture in (string[])["", ".zh-Hans"])
        {
            var texts = Texts(culture);
            Assert.NotEmpty(texts[$"Name.{type}"]);
            Assert.NotEmpty(texts[$"Description.{type}"]);
            Assert.NotEmpty(texts[$"Category.{NodeCatalog.Find(type)!.Category}"]);
        }
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_was_from_a_file_and_from_the_store()
    {
        await using var world = await DraftWorld.CreateAsync();
        var graph = new JsonObject
        {
            ["nodes"] = new JsonArray([.. NodeCatalog.All.Select((description, place) =>
            {
                var data = description.CreateDefaults();
                data["type"] = description.Type;
                data["title"] = $"{description.Type}: \"标题\"\n# 1";
                data["unknown_field"] = new JsonObject { ["on"] = "yes", ["n"] = 1.5, ["list"] = new JsonArray("", null, "~", "0123") };
                return (JsonNode)new JsonObject { ["id"] = $"17{place:00000000000}", ["type"] = "custom", ["data"] = data };
            })]),
            ["edges"] = new JsonArray(),
        };
        var read = YamlReader.Read(YamlWriter.Write(graph.DeepClone()))!.AsObject();
        Assert.True(JsonNode.DeepEquals(graph, read));
        await world.Drafts.SaveAsync(world.Owner, world.App.Id, new WorkflowContent { Graph = read }, cancellationToken: Stop);
        var stored = (await world.Drafts.ReadAsync(world.Owner, world.App.Id, null, Stop)).Graph;
        Assert.True(JsonNode.DeepEquals(graph, stored));
    }

    [Fact]
    public async Task Every_type_that_runs_is_described()
    {
        await using var database = await TestDatabase.CreateAsync();
        Assert.NotNull(database.Get<INodeFactory>());
        var running = database.Services.GetServices<NodeRegistration>().Select(registration => registration.Type);
        Assert.DoesNotContain(running, type => NodeCatalog.Find(type) is null);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_new_node_tells_its_facts(string type)
    {
        var description = NodeCatalog.Find(type)!;
        Assert.NotSame(description.CreateDefaults(), description.CreateDefaults());
        var facts = NodeCatalog.Describe(type, description.CreateDefaults());
        Assert.NotEmpty(facts.Handles);
        Assert.Equal(facts.Outputs.Count, facts.Outputs.Select(output => output.Name).Distinct().Count());
    }

    [Fact]
    public void An_error_strategy_adds_its_variables_and_its_handle()
    {
        var facts = NodeCatalog.Describe("http-request", new JsonObject { ["url"] = "x", ["error_strategy"] = "fail-branch" });
        Assert.Contains(new NodeVariable("error_message", "string"), facts.Outputs);
        Assert.Contains("fail-branch", facts.Handles);
        Assert.Contains("source", facts.Handles);
    }

    [Fact]
    public void Every_issue_has_a_text_in_both_languages()
    {
        foreach (var culture in (string[])["", ".zh-Hans"])
        {
            Assert.All(IssueList.Codes, code => Assert.NotEmpty(Texts(culture)[$"Issue.{code}"]));
        }
    }

    private static Dictionary<string, string> Texts(string culture) => XDocument
        .Load(Path.Combine(SharedFolder.RepositoryRoot, "Dify.Web", "Resources", $"NodeText{culture}.resx")).Root!.Elements("data")
        .ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);
}
