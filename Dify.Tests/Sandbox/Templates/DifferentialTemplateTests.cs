using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Sandbox;
using Dify.Core.Sandbox.Templates;
using Dify.Tests.Support;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Dify.Tests.Sandbox.Templates;

/// <summary>Every Jinja2 template of real exports, rendered by Python's Jinja2 and by ours.</summary>
public sealed partial class DifferentialTemplateTests
{
    private const string Renderer = """
        import json, sys
        from jinja2.sandbox import SandboxedEnvironment
        env = SandboxedEnvironment()
        for line in sys.stdin:
            row = json.loads(line)
            try:
                out = {"output": env.from_string(row["template"]).render(**row["variables"])}
            except Exception as e:
                out = {"error": str(e)}
            print(json.dumps(out), flush=True)
        """;

    [Fact]
    public async Task Templates_of_real_exports_give_what_Python_gives()
    {
        var folder = SharedFolder.PathOf("dsl");
        var templates = Directory.EnumerateFiles(folder, "*.yml", SearchOption.AllDirectories).SelectMany(Templates).Distinct().ToList();
        Assert.NotEmpty(templates);
        var rows = templates.SelectMany(template => Variables(template).Select(variables => (template, variables))).ToList();
        await CompareAsync(rows);
    }

    [Fact]
    public async Task Recorded_outputs_are_those_of_the_Python_that_is_here()
    {
        var variables = TemplateCase.Variables();
        await CompareAsync([.. TemplateCase.ReadAll().Where(each => each.Output is not null && !each.Template.Contains("self", StringComparison.Ordinal)).Select(each => (each.Template, variables))]);
    }

    private static async Task CompareAsync(List<(string Template, JsonObject Variables)> rows)
    {
        var expected = await PythonAsync(rows);
        var renderer = new JinjaRenderer(TimeProvider.System);
        var wrong = new List<string>();
        foreach (var ((template, variables), answer) in rows.Zip(expected))
        {
            string? output = null, error = null;
            try
            {
                output = await renderer.RenderAsync(template, variables, TestContext.Current.CancellationToken);
            }
            catch (TemplateException problem)
            {
                error = problem.Message;
            }

            if (answer["output"] is { } text ? output != (string)text! : error is null)
            {
                wrong.Add($"{template}\n  with {variables.ToJsonString()}\n  expected {answer.ToJsonString()}\n  but got {output ?? error}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows.Count} differ:\n{string.Join('\n', wrong.Take(10))}");
    }

    private static async Task<List<JsonObject>> PythonAsync(List<(string Template, JsonObject Variables)> rows)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), "no /usr/bin/python3 with python3-jinja2 is installed");
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", Renderer]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var answers = new List<JsonObject>();
        foreach (var (template, variables) in rows)
        {
            var row = new JsonObject { ["template"] = template, ["variables"] = variables.DeepClone() };
            try
            {
                await process.StandardInput.WriteLineAsync(row.ToJsonString());
                await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                break;
            }

            if (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is not { } line)
            {
                break;
            }

            answers.Add((JsonObject)JsonNode.Parse(line)!);
        }

        process.StandardInput.Close();
        Assert.SkipWhen((await error).Contains("No module named 'jinja2'", StringComparison.Ordinal), "python3-jinja2 is not installed");
        Assert.Equal(rows.Count, answers.Count);
        return answers;
    }

    private static IEnumerable<string> Templates(string file)
    {
        using var reader = File.OpenText(file);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return Scalars(yaml.Documents[0].RootNode).Where(text => text.Contains("{%", StringComparison.Ordinal)
            || (text.Contains("{{", StringComparison.Ordinal) && !text.Contains("{{#", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Scalars(YamlNode node) => node switch
    {
        YamlScalarNode { Value: { } text } => [text],
        YamlSequenceNode list => list.SelectMany(Scalars),
        YamlMappingNode map => map.Children.Values.SelectMany(Scalars),
        _ => [],
    };

    /// <summary>Each name of a template as text, list, dict, number and nothing.</summary>
    private static IEnumerable<JsonObject> Variables(string template)
    {
        var names = Name().Matches(template).Select(match => match.Value).Distinct().Take(60).ToList();
        string[] values =
        [
            "\"some text\\nwith é\"", "[\"a\",\"b\"]", "[{\"text\":\"x\",\"title\":\"t\",\"content\":\"c\",\"metadata\":{\"a\":1}},{\"text\":\"y\"}]",
            "{\"text\":\"x\",\"a\":[1,2.5]}", "3", "null", "\"\"", "[]",
        ];
        foreach (var value in values)
        {
            var variables = new JsonObject();
            foreach (var name in names.Where(name => !Words.Contains(name)))
            {
                variables[name] = JsonNode.Parse(value);
            }

            yield return variables;
        }

        yield return [];
    }

    private static readonly HashSet<string> Words =
        ["if", "else", "elif", "endif", "for", "endfor", "in", "is", "not", "and", "or", "set", "endset", "loop", "range", "true", "false", "none", "namespace", "dict", "macro", "endmacro", "self"];

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Name();
}
