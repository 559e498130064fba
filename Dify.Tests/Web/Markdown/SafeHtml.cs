using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace Dify.Tests.Web.Markdown;

/// <summary>What must hold of every piece of HTML that reaches a page, judged on the tree that a browser builds.</summary>
internal static partial class SafeHtml
{
    private static readonly HashSet<string> Elements =
    [
        "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup",
        "mark", "small", "code", "pre", "kbd", "samp", "var", "blockquote", "q", "cite", "ul", "ol", "li", "dl", "dt", "dd",
        "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "a", "img", "details", "summary", "div", "span",
        "center", "abbr", "input", "button",
    ];

    private static readonly HashSet<string> Attributes =
    [
        "href", "src", "alt", "title", "align", "colspan", "rowspan", "start", "type", "checked", "disabled", "open", "lang",
        "dir", "class", "target", "rel", "loading", "data-copy",
    ];

    public static void Check(string html)
    {
        var once = Parse(html);
        CheckTree(once);

        // A browser may build another tree from what was written than the sanitiser saw.
        CheckTree(Parse(once.InnerHtml));
    }

    private static void CheckTree(IElement root)
    {
        foreach (var element in root.QuerySelectorAll("*"))
        {
            Assert.Contains(element.LocalName, Elements);
            Assert.Equal("http://www.w3.org/1999/xhtml", element.NamespaceUri);
            foreach (var attribute in element.Attributes)
            {
                Assert.Contains(attribute.Name, Attributes);
            }

            if (element.GetAttribute("href") is { } href)
            {
                Assert.Equal("a", element.LocalName);
                Assert.Matches(Link(), href);
                Assert.Contains("noopener", element.GetAttribute("rel"), StringComparison.Ordinal);
                Assert.Equal("_blank", element.GetAttribute("target"));
            }

            if (element.GetAttribute("src") is { } src)
            {
                Assert.Equal("img", element.LocalName);
                Assert.Matches(Picture(), src);
            }

            if (element.LocalName == "input")
            {
                Assert.Equal("checkbox", element.GetAttribute("type"));
                Assert.True(element.HasAttribute("disabled"));
            }

            if (element.LocalName == "button")
            {
                Assert.Equal("md-copy", element.ClassName);
            }
        }
    }

    private static IElement Parse(string html)
    {
        var body = new HtmlParser().ParseDocument("").Body!;
        body.InnerHtml = html;
        return body;
    }

    [GeneratedRegex(@"^(https?://|mailto:|tel:|/files/)", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"^(/files/[^\\]*$|data:image/(png|jpeg|gif|webp);base64,)", RegexOptions.IgnoreCase)]
    private static partial Regex Picture();
}
