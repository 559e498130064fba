using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dify.Web.Resources;
using Ganss.Xss;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Shared.Markdown;

/// <summary>
/// Keeps of any HTML what formats text, and drops the rest. Works on the tree that is inserted, not on its text.
/// Against data leaving by itself (a picture whose address carries a secret), pictures of other hosts become a link.
/// </summary>
internal sealed partial class HtmlCleaner
{
    /// <summary>Serialising is recursive; browsers stop at 512 levels too.</summary>
    private const int DeepestTree = 250;

    private static readonly string[] Tags =
    [
        "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup",
        "mark", "small", "code", "pre", "kbd", "samp", "var", "blockquote", "q", "cite", "ul", "ol", "li", "dl", "dt", "dd",
        "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "a", "img", "details", "summary", "div", "span",
        "center", "abbr", "input",
    ];

    private static readonly string[] Attributes =
    [
        "href", "src", "alt", "title", "align", "colspan", "rowspan", "start", "type", "checked", "disabled", "open", "lang",
        "dir", "class",
    ];

    private readonly IStringLocalizer<MarkdownText> _text;
    private readonly HtmlSanitizer _sanitizer;
    private readonly string _filesBase;

    /// <param name="filesBase">What stands before <c>/files/</c> in our links; empty: nothing.</param>
    public HtmlCleaner(IStringLocalizer<MarkdownText> text, string filesBase = "")
    {
        _text = text;
        _filesBase = filesBase;
        _sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto", "tel", "data"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(),
            AllowedClasses = new HashSet<string>(["contains-task-list", "task-list-item"]),
            AllowedAtRules = new HashSet<AngleSharp.Css.Dom.CssRuleType>(),
        })
        {
            AllowDataAttributes = false,
        };
        _sanitizer.RemovingCssClass += (_, e) => e.Cancel = e.Tag.LocalName == "code" && LanguageClass().IsMatch(e.CssClass);
    }

    /// <returns>Safe HTML; null when the tree is deeper than any text needs.</returns>
    public string? Clean(string html)
    {
        var document = new HtmlParser().ParseDocument("");
        var body = document.Body!;
        body.InnerHtml = html;
        if (IsDeep(body))
        {
            return null;
        }

        foreach (var cell in body.QuerySelectorAll("th[style], td[style]"))
        {
            KeepAlignment(cell);
        }

        _sanitizer.SanitizeDom(document, body);
        foreach (var element in body.QuerySelectorAll("a, img, pre, table, input").ToList())
        {
            Finish(document, element);
        }

        return body.InnerHtml;
    }

    private void Finish(IHtmlDocument document, IElement element)
    {
        switch (element.LocalName)
        {
            case "a":
                FinishLink(element);
                break;
            case "img":
                FinishPicture(document, element);
                break;
            case "pre":
                FinishCode(document, element);
                break;
            case "table":
                Wrap(document, element, "md-table");
                break;
            default:
                FinishCheckbox(element);
                break;
        }
    }

    private static void FinishLink(IElement link)
    {
        var address = link.GetAttribute("href") ?? "";
        if (OutsideAddress().IsMatch(address))
        {
            link.SetAttribute("target", "_blank");
            link.SetAttribute("rel", "noopener noreferrer nofollow");
        }
        else if (OwnFile().IsMatch(address))
        {
            link.SetAttribute("target", "_blank");
            link.SetAttribute("rel", "noopener");
        }
        else
        {
            link.RemoveAttribute("href");
        }
    }

    private void FinishPicture(IHtmlDocument document, IElement picture)
    {
        var address = picture.GetAttribute("src") ?? "";
        if (_filesBase.Length > 0 && address.StartsWith(_filesBase + "/files/", StringComparison.Ordinal))
        {
            // A link with our public address: pages are only allowed their own, under which the same file lies.
            address = address[_filesBase.Length..];
            picture.SetAttribute("src", address);
        }

        if (OwnFile().IsMatch(address) || InlinePicture().IsMatch(address))
        {
            picture.SetAttribute("loading", "lazy");
            return;
        }

        var alternative = picture.GetAttribute("alt") ?? "";
        if (!WebAddress().IsMatch(address) || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            picture.Replace(document.CreateTextNode(alternative));
            return;
        }

        // Inside a link the picture's words become the link's.
        var isLinked = picture.Closest("a") is not null;
        var link = document.CreateElement(isLinked ? "span" : "a");
        link.ClassName = "md-image";
        link.TextContent = alternative.Length == 0 ? _text["Picture", uri.Host] : _text["NamedPicture", alternative, uri.Host];
        if (!isLinked)
        {
            link.SetAttribute("href", uri.AbsoluteUri);
            FinishLink(link);
        }

        picture.Replace(link);
    }

    private void FinishCode(IHtmlDocument document, IElement pre)
    {
        if (pre.Children is not [{ LocalName: "code" } code] || pre.ClassName is "md-plain")
        {
            return;
        }

        var head = document.CreateElement("div");
        head.ClassName = "md-code-head";
        var language = document.CreateElement("span");
        language.TextContent = code.ClassName is { } name && name.StartsWith("language-", StringComparison.Ordinal)
            ? name["language-".Length..]
            : _text["Code"];
        var copy = document.CreateElement("button");
        copy.SetAttribute("type", "button");
        copy.ClassName = "md-copy";
        copy.SetAttribute("data-copy", _text["Copied"]);
        copy.TextContent = _text["Copy"];
        head.Append(language, copy);
        Wrap(document, pre, "md-code").Prepend(head);
    }

    private static void FinishCheckbox(IElement input)
    {
        if (input.GetAttribute("type") != "checkbox")
        {
            input.Remove();
            return;
        }

        input.SetAttribute("disabled", "disabled");
    }

    private static IElement Wrap(IHtmlDocument document, IElement element, string name)
    {
        var wrapper = document.CreateElement("div");
        wrapper.ClassName = name;
        element.Replace(wrapper);
        wrapper.Append(element);
        return wrapper;
    }

    /// <summary>Table cells say their alignment by style, which is dropped like every other style.</summary>
    private static void KeepAlignment(IElement cell)
    {
        if (AlignmentStyle().Match(cell.GetAttribute("style")!) is { Success: true } match)
        {
            cell.SetAttribute("align", match.Groups[1].Value);
        }
    }

    private static bool IsDeep(INode root)
    {
        var open = new Stack<(INode Node, int Depth)>([(root, 0)]);
        while (open.TryPop(out var next))
        {
            if (next.Depth > DeepestTree)
            {
                return true;
            }

            for (var child = next.Node.FirstChild; child is not null; child = child.NextSibling)
            {
                open.Push((child, next.Depth + 1));
            }
        }

        return false;
    }

    [GeneratedRegex(@"^language-[A-Za-z0-9_+#.\-]{1,30}$")]
    private static partial Regex LanguageClass();

    [GeneratedRegex(@"^(https?://|mailto:|tel:)[^\s\\\p{C}]+$", RegexOptions.IgnoreCase)]
    private static partial Regex OutsideAddress();

    [GeneratedRegex(@"^https?://[^\s\\\p{C}]+$", RegexOptions.IgnoreCase)]
    private static partial Regex WebAddress();

    /// <summary>Files that this site serves; nothing else here is fit to be fetched by a picture in an answer.</summary>
    [GeneratedRegex(@"^/files/(?!.*\.\.)[A-Za-z0-9._~/?&=%\-]+$")]
    private static partial Regex OwnFile();

    [GeneratedRegex(@"^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$", RegexOptions.IgnoreCase)]
    private static partial Regex InlinePicture();

    [GeneratedRegex(@"^\s*text-align:\s*(left|right|center)\s*;?\s*$")]
    private static partial Regex AlignmentStyle();
}
