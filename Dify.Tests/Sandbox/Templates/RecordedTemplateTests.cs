using Dify.Core.Sandbox;
using Dify.Core.Sandbox.Templates;
using Xunit;

namespace Dify.Tests.Sandbox.Templates;

/// <summary>What Python's Jinja2 3.1 gave, recorded: the same text, or an error of ours where it has one.</summary>
public sealed class RecordedTemplateTests
{
    private readonly JinjaRenderer _renderer = new(TimeProvider.System);

    [Fact]
    public async Task Every_template_gives_what_Jinja2_gives()
    {
        var wrong = new List<string>();
        var refused = 0;
        var cases = TemplateCase.ReadAll();
        foreach (var each in cases)
        {
            var (output, error) = await RenderAsync(each.Template);
            var isSame = each.Output is not null ? output == each.Output || IsRefused(error) : error is not null;
            refused += IsRefused(error) ? 1 : 0;
            if (!isSame)
            {
                wrong.Add($"{each.Template}\n  expected {each.Output ?? "error: " + each.Error}\n  but got  {output ?? "error: " + error}");
            }
        }

        Assert.True(cases.Count > 250);
        Assert.True(refused <= 2, $"{refused} refused");
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public async Task Errors_have_the_words_of_Jinja2()
    {
        var all = TemplateCase.ReadAll().Where(each => each.Error is not null).ToList();
        var same = 0;
        foreach (var each in all)
        {
            var (_, error) = await RenderAsync(each.Template);
            same += error == each.Error ? 1 : 0;
        }

        // A few name positions or Python's own classes.
        Assert.True(same >= all.Count * 8 / 10, $"{same} of {all.Count}");
    }

    private static bool IsRefused(string? error) => error?.EndsWith("is not supported in templates.", StringComparison.Ordinal) is true;

    private async Task<(string? Output, string? Error)> RenderAsync(string template)
    {
        try
        {
            return (await _renderer.RenderAsync(template, TemplateCase.Variables(), TestContext.Current.CancellationToken), null);
        }
        catch (TemplateException problem)
        {
            var message = problem.Line is { } line ? problem.Message.Replace($" (line {line})", "", StringComparison.Ordinal) : problem.Message;
            return (null, message);
        }
    }
}
