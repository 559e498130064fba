using System.Text.Json.Nodes;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Drafts.Checking;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Drafts;

/// <summary>The check against real graphs: it never crashes, and what ran well has no error.</summary>
public sealed class GraphCheckFileTests
{
    public static TheoryData<string> GoldenTraces()
    {
        var names = new TheoryData<string>();
        foreach (var folder in (string[])["micro", "upstream"])
        {
            var path = Path.Combine(SharedFolder.Root, "golden", folder);
            foreach (var file in (Directory.Exists(path) ? Directory.GetFiles(path, "*.trace.txt") : []).Order(StringComparer.Ordinal))
            {
                names.Add($"{folder}/{Path.GetFileName(file)}");
            }
        }

        if (names.Count == 0)
        {
            names.Add("");
        }

        return names;
    }

    public static TheoryData<string> Exports()
    {
        var path = Path.Combine(SharedFolder.Root, "dsl");
        var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.yml", SearchOption.AllDirectories) : [];
        return files.Length == 0 ? [""] : [.. files.Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(path, file))];
    }

    [Theory]
    [MemberData(nameof(GoldenTraces))]
    public void A_graph_that_ran_well_has_no_error(string name)
    {
        var trace = GoldenTrace.Read(SharedFolder.PathOf("golden/" + name));
        var file = GraphFile.Read(trace.GraphFile);
        Complete(GraphFile.Nodes(file), trace);
        var issues = Check(file);
        if (trace.BuildError is not null)
        {
            Assert.Contains(issues, issue => issue.IsError);
        }
        else if (trace.Events.Any(item => item.Name is "GraphRunSucceededEvent"))
        {
            Assert.DoesNotContain(issues, issue => issue.IsError);
        }
    }

    [Theory]
    [MemberData(nameof(Exports))]
    public void Every_real_export_can_be_checked(string file)
    {
        Assert.SkipWhen(file.Length == 0, "the shared exports are not here");
        var app = GraphFile.Read(Path.Combine(SharedFolder.PathOf("dsl"), file));
        if (app["workflow"] is not null)
        {
            var issues = Check(app);
            Assert.All(issues, issue => Assert.NotEmpty(issue.Message));
        }
    }

    private static IReadOnlyList<GraphIssue> Check(JsonObject file)
    {
        var workflow = file["workflow"] as JsonObject ?? [];
        var content = new WorkflowContent
        {
            Graph = GraphFile.Graph(file),
            EnvironmentVariables = Variables(workflow["environment_variables"]),
            ConversationVariables = Variables(workflow["conversation_variables"]),
        };
        var isChatflow = file["app"]?["mode"]?.ToString() == "advanced-chat"
            || (file["app"] is null && GraphFile.Nodes(file).Any(node => node["data"]?["type"]?.ToString() == "answer"));
        return GraphCheck.Check(content, isChatflow);
    }

    /// <summary>The recordings gave inputs that the start does not declare, and mocked nodes without models and code.</summary>
    private static void Complete(IEnumerable<JsonObject> nodes, GoldenTrace trace)
    {
        foreach (var data in nodes.Select(node => node["data"]!.AsObject()))
        {
            switch (data["type"]?.ToString())
            {
                case "start":
                    foreach (var (name, _) in trace.Inputs)
                    {
                        (data["variables"] as JsonArray)?.Add(new JsonObject { ["variable"] = name, ["type"] = "any" });
                    }

                    break;
                case "llm":
                    data["model"] = new JsonObject { ["provider"] = "mock", ["name"] = "mock" };
                    break;
                case "code":
                    data["code"] ??= "def main(): return {}";
                    data["code_language"] ??= "python3";
                    break;
            }
        }
    }

    private static WorkflowVariable[] Variables(JsonNode? list) => [.. (list as JsonArray ?? []).Select(item => new WorkflowVariable(
        "", item!["name"]!.ToString(), item["value_type"]!.ToString(), item["value"]?.DeepClone()))];
}
