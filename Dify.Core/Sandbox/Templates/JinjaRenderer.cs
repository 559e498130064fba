using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox.Templates.Parsing;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates;

/// <summary>
/// Jinja2 in C#: parsed once, then walked over. It knows values, filters, tests and the methods of Python's plain types,
/// and no object behind them; how much it works and writes is limited.
/// </summary>
internal sealed class JinjaRenderer(TimeProvider time) : IJinjaRenderer
{
    private const int MostTemplates = 500;
    private const int LongestTemplate = 1_000_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, IReadOnlyList<Statement>> _parsed = new(StringComparer.Ordinal);

    public ValueTask<string> RenderAsync(string template, JsonObject variables, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(variables);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var run = new Run((PyDict)PyType.FromJson(variables)!, time, Longest, cancellationToken);
            var top = new Frame(run, null);
            run.Top = top;
            var output = new StringBuilder();
            Block.Render(Parsed(template), top, output);
            return ValueTask.FromResult(output.ToString());
        }
        catch (SyntaxException problem)
        {
            throw new TemplateException($"{problem.Message} (line {problem.Line})", problem) { Line = problem.Line };
        }
        catch (PyException problem)
        {
            throw new TemplateException(problem.Message, problem);
        }
        catch (InsufficientExecutionStackException problem)
        {
            throw new TemplateException("maximum recursion depth exceeded", problem);
        }
    }

    private IReadOnlyList<Statement> Parsed(string template)
    {
        if (_parsed.TryGetValue(template, out var known))
        {
            return known;
        }

        if (template.Length > LongestTemplate)
        {
            throw PyException.Limit($"The template is longer than {LongestTemplate} characters.");
        }

        var statements = TemplateParser.Parse(template);
        if (_parsed.Count >= MostTemplates)
        {
            _parsed.Clear();
        }

        _parsed.TryAdd(template, statements);
        return statements;
    }
}
