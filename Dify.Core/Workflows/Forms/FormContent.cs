using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Forms;

/// <summary>The text of a form: Markdown in which <c>{{#$output.NAME#}}</c> stands for a field.</summary>
public static partial class FormContent
{
    /// <summary>Texts and fields in order.</summary>
    public static IReadOnlyList<FormPart> Split(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var parts = new List<FormPart>();
        var position = 0;
        foreach (Match match in Place().Matches(content))
        {
            if (match.Index > position)
            {
                parts.Add(new FormPart(content[position..match.Index], null));
            }

            parts.Add(new FormPart(null, match.Groups[1].Value));
            position = match.Index + match.Length;
        }

        if (position < content.Length)
        {
            parts.Add(new FormPart(content[position..], null));
        }

        return parts;
    }

    /// <summary>The text with what was filled in; files become <c>[file]</c> and <c>[2 files]</c>. A field without a value stays as it is written.</summary>
    public static string Fill(string content, JsonObject values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var filled = new StringBuilder();
        foreach (var part in Split(content))
        {
            filled.Append(part.Text ?? (values.TryGetPropertyValue(part.Field!, out var value) ? Show(value) : "{{#$output." + part.Field + "#}}"));
        }

        return filled.ToString();
    }

    private static string Show(JsonNode? value) => value switch
    {
        null => "",
        JsonObject => "[file]",
        JsonArray list => $"[{list.Count} files]",
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => VariableText.Render(value, RenderMode.Text),
    };

    [GeneratedRegex(@"\{\{#\$output\.([a-zA-Z_][a-zA-Z0-9_]{0,63})#\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}

/// <summary>A piece of a form's content: a text, or the name of a field.</summary>
public sealed record FormPart(string? Text, string? Field);
