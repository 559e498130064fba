using System.Text;
using System.Text.RegularExpressions;

namespace Dify.Core.Workflows.Variables;

/// <summary>
/// A text with references <c>{{#node.name#}}</c>, split once and rendered many times. What looks nearly like a
/// reference stays text, and values are never searched for references again.
/// </summary>
public sealed partial class ReferenceTemplate
{
    private ReferenceTemplate(IReadOnlyList<TemplateSegment> segments) => Segments = segments;

    public IReadOnlyList<TemplateSegment> Segments { get; }

    /// <summary>The selectors in order of appearance, repeated ones repeated.</summary>
    public IEnumerable<IReadOnlyList<string>> References =>
        Segments.Where(segment => segment.Selector is not null).Select(segment => segment.Selector!);

    public static ReferenceTemplate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var segments = new List<TemplateSegment>();
        var position = 0;
        foreach (var match in Reference().EnumerateMatches(text))
        {
            if (match.Index > position)
            {
                segments.Add(new TemplateSegment(text[position..match.Index], null));
            }

            segments.Add(new TemplateSegment(null, text.Substring(match.Index + 3, match.Length - 6).Split('.')));
            position = match.Index + match.Length;
        }

        if (position < text.Length)
        {
            segments.Add(new TemplateSegment(text[position..], null));
        }

        return new ReferenceTemplate(segments);
    }

    /// <summary>A reference to what is not in the pool becomes its own dotted name, as in Dify.</summary>
    public string Render(VariablePool variables, RenderMode mode = RenderMode.Text)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (Segments is [{ Text: { } only }])
        {
            return only;
        }

        var rendered = new StringBuilder();
        foreach (var segment in Segments)
        {
            if (segment.Selector is not { } selector)
            {
                rendered.Append(segment.Text);
            }
            else if (variables.TryGet(selector, out var value))
            {
                rendered.Append(mode == RenderMode.Log && variables.IsSecret(selector)
                    ? VariableText.Mask(VariableText.Render(value, mode))
                    : VariableText.Render(value, mode));
            }
            else
            {
                rendered.AppendJoin('.', selector);
            }
        }

        return rendered.ToString();
    }

    [GeneratedRegex(@"\{\{#[a-zA-Z0-9_]{1,50}(\.[a-zA-Z_][a-zA-Z0-9_]{0,29}){1,10}#\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
