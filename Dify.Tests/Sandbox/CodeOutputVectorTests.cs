using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Nodes.Code;
using Dify.Tests.Workflows;
using Xunit;

namespace Dify.Tests.Sandbox;

/// <summary>What Dify's engine said to results of code nodes, row by row.</summary>
public sealed partial class CodeOutputVectorTests
{
    [Fact]
    public void Every_recorded_result_is_judged_as_recorded()
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var line in GoldenFolder.Rows("code_outputs.jsonl"))
        {
            var row = (JsonObject)JsonNode.Parse(line)!;
            count++;
            if (Judge(row) is { } difference)
            {
                wrong.Add($"{line}\n  {difference}");
            }
        }

        Assert.True(count > 50);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string? Judge(JsonObject row)
    {
        var outputs = CodeOutput.ReadAll((JsonObject)row["schema"]!)!;
        var status = row["status"]!.ToString();
        try
        {
            var found = new OutputCheck(new CodeLimits()).Check(Result(row["result"]!), outputs);
            return status != "succeeded" ? $"succeeded with {found.ToJsonString()}"
                : row["outputs"] is null || JsonNode.DeepEquals(row["outputs"], found) ? null
                : found.ToJsonString();
        }
        catch (NodeFailedException failure)
        {
            var isSame = failure.Message == row["error"]!.ToString() && (status == "raised" || failure.Type == row["error_type"]!.ToString());
            return isSame && status != "succeeded" ? null : $"{failure.Type}: {failure.Message}";
        }
    }

    /// <summary>Some results were recorded as Python text.</summary>
    private static JsonObject Result(JsonNode recorded)
    {
        if (recorded is JsonObject result)
        {
            return result;
        }

        var text = recorded.ToString();
        if (LongList().Match(text) is { Success: true } list)
        {
            var length = int.Parse(list.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return new JsonObject { ["r"] = new JsonArray([.. Enumerable.Range(0, length).Select(_ => (JsonNode)1)]) };
        }

        var json = text.Replace('\'', '"').Replace("None", "null", StringComparison.Ordinal)
            .Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal);
        return (JsonObject)JsonNode.Parse(json)!;
    }

    [GeneratedRegex(@"^<list len (\d+)>$")]
    private static partial Regex LongList();
}
