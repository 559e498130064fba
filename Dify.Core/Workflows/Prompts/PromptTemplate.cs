using System.Text;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Prompts;

/// <summary>
/// One message of the prompt. The marks of context and histories are cut out before references are looked for, so
/// that nothing inside a document or an old message is taken for a reference.
/// </summary>
internal sealed class PromptTemplate
{
    public const string ContextMark = "{{#context#}}";
    public const string HistoriesMark = "{{#histories#}}";

    private readonly List<(ReferenceTemplate? Template, string? Mark)> _parts = [];

    public bool HasHistories => _parts.Any(part => part.Mark == HistoriesMark);

    public IEnumerable<IReadOnlyList<string>> References =>
        _parts.Where(part => part.Template is not null).SelectMany(part => part.Template!.References);

    public static PromptTemplate Parse(string text)
    {
        var prompt = new PromptTemplate();
        var rest = text;
        while (rest.Length > 0)
        {
            var context = rest.IndexOf(ContextMark, StringComparison.Ordinal);
            var histories = rest.IndexOf(HistoriesMark, StringComparison.Ordinal);
            var next = context < 0 ? histories : histories < 0 ? context : Math.Min(context, histories);
            if (next < 0)
            {
                prompt._parts.Add((ReferenceTemplate.Parse(rest), null));
                break;
            }

            if (next > 0)
            {
                prompt._parts.Add((ReferenceTemplate.Parse(rest[..next]), null));
            }

            var mark = next == context ? ContextMark : HistoriesMark;
            prompt._parts.Add((null, mark));
            rest = rest[(next + mark.Length)..];
        }

        return prompt;
    }

    /// <exception cref="NodeFailedException">A reference is not in the pool.</exception>
    public string Render(VariablePool variables, string context, string histories = "")
    {
        foreach (var selector in References)
        {
            if (!variables.TryGet(selector, out _))
            {
                throw new NodeFailedException($"Variable #{string.Join('.', selector)}# not found", "VariableNotFoundError");
            }
        }

        if (_parts is [{ Template: { } only }])
        {
            return only.Render(variables);
        }

        var text = new StringBuilder();
        foreach (var (template, mark) in _parts)
        {
            text.Append(template is not null ? template.Render(variables) : mark == ContextMark ? context : histories);
        }

        return text.ToString();
    }
}
