using System.Net;
using System.Text;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>Text that is safe as HTML; plain text that is joined to it is escaped.</summary>
internal sealed class Markup(string text)
{
    public string Text { get; } = text;

    public static Markup Of(object? value) => value as Markup ?? new Markup(Escape(PyText.Str(value)));

    /// <summary>As markupsafe escapes, with <c>&amp;#34;</c> and <c>&amp;#39;</c> for quotes.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    public static string Unescape(string text) => WebUtility.HtmlDecode(text);

    public override string ToString() => Text;
}
