using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Conditions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;
using Xunit;

namespace Dify.Tests.Workflows;

public class VariableVectorTests
{
    [Fact]
    public void Values_and_templates_are_rendered_as_recorded()
    {
        var wrong = new List<string>();
        foreach (var line in GoldenFolder.Rows("rendering.jsonl"))
        {
            var row = JsonNode.Parse(line)!.AsObject();
            var variables = new VariablePool();
            if (row["pool"] is JsonObject pool)
            {
                foreach (var (key, value) in pool)
                {
                    variables.Set(key.Split('.')[0], key.Split('.')[1], value?.DeepClone());
                }

                var template = ReferenceTemplate.Parse(row["template"]!.ToString());
                Expect(wrong, line, row["text"], template.Render(variables));
                Expect(wrong, line, row["markdown"], template.Render(variables, RenderMode.Markdown));
                continue;
            }

            var given = row["type"]!.ToString() == "float" && row["value"]!.GetValueKind() == JsonValueKind.String
                ? double.PositiveInfinity
                : row["value"]?.DeepClone();
            variables.Set("s", "v", given);
            Expect(wrong, line, row["type"], VariableTypes.Of(given).ToWire());
            Expect(wrong, line, row["text"], VariableText.Render(given, RenderMode.Text));
            Expect(wrong, line, row["markdown"], VariableText.Render(given, RenderMode.Markdown));
            Expect(wrong, line, row["log"], VariableText.Render(given, RenderMode.Log));
            Expect(wrong, line, row["template"], ReferenceTemplate.Parse("<{{#s.v#}}>").Render(variables));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Conditions_are_decided_as_recorded()
    {
        var wrong = new List<string>();
        foreach (var line in GoldenFolder.Rows("conditions.jsonl"))
        {
            var row = JsonNode.Parse(line)!.AsObject();
            var variables = new VariablePool();
            variables.Set("s", "v", row["value"]?.DeepClone());
            var condition = new Condition(["s", "v"], row["op"]!.ToString(), row["expected"]?.DeepClone(), null);
            try
            {
                var (holds, _) = ConditionEvaluator.Evaluate([condition], true, variables, []);
                if (row["error"] is not null || row["result"]!.GetValue<bool>() != holds)
                {
                    wrong.Add($"{line} -> {holds}");
                }
            }
            catch (NodeFailedException problem)
            {
                var recorded = row["error"]?.ToString();
                if (recorded is null || (!recorded.StartsWith("ValidationError", StringComparison.Ordinal)
                    && recorded != $"{problem.Type}: {problem.Message}"))
                {
                    wrong.Add($"{line} -> {problem.Type}: {problem.Message}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static void Expect(List<string> wrong, string line, JsonNode? expected, string actual)
    {
        if (expected!.ToString() != actual)
        {
            wrong.Add($"{line} -> {actual}");
        }
    }
}
