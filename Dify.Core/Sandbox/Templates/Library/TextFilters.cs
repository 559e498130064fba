using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Filters that make texts.</summary>
internal static partial class TextFilters
{
    private static readonly SearchValues<char> BadInName = SearchValues.Create(" \t\n\r\f/>=");

    public static Dictionary<string, Func<Run, Arguments, object?>> All { get; } = new()
    {
        ["upper"] = (_, a) => Text(a.For("upper", "s")[0], PyString.Upper),
        ["lower"] = (_, a) => Text(a.For("lower", "s")[0], PyString.Lower),
        ["capitalize"] = (_, a) => Text(a.For("capitalize", "s")[0], StringMethods.Capitalize),
        ["title"] = (_, a) => Text(a.For("title", "s")[0], Title),
        ["trim"] = (_, a) => a.For("trim", "value", "chars=") is var given ? Text(given[0], text => PyString.Trim(text, given.TextOrNull(1), true, true)) : null,
        ["center"] = (run, a) => a.For("center", "value", "width=") is var given ? Text(given[0], text => StringMethods.Pad(run, text, "center", given.Whole(1, 80), " ")) : null,
        ["replace"] = Replace,
        ["truncate"] = (run, a) => Truncate(a.For("truncate", "s", "length=", "killwords=", "end=", "leeway=")),
        ["wordwrap"] = (run, a) => WordWrap(run, a.For("wordwrap", "s", "width=", "break_long_words=", "wrapstring=", "break_on_hyphens=")),
        ["wordcount"] = (_, a) => new BigInteger(Word().Count(PyText.Str(a.For("wordcount", "s")[0]))),
        ["indent"] = (run, a) => Indent(run, a.For("indent", "s", "width=", "first=", "blank=")),
        ["format"] = (run, a) => Format(run, a),
        ["string"] = (_, a) => a.For("string", "object")[0] is Markup markup ? markup : PyText.Str(a.Positional[0]),
        ["escape"] = (_, a) => Markup.Of(a.For("escape", "s")[0]),
        ["e"] = (_, a) => Markup.Of(a.For("e", "s")[0]),
        ["forceescape"] = (_, a) => new Markup(Markup.Escape(PyText.Str(a.For("forceescape", "value")[0]))),
        ["safe"] = (_, a) => a.For("safe", "value")[0] is Markup markup ? markup : new Markup(PyText.Str(a.Positional[0])),
        ["striptags"] = (_, a) => StripTags(PyText.Str(a.For("striptags", "value")[0])),
        ["urlencode"] = (run, a) => UrlEncode(run, a.For("urlencode", "value")[0]),
        ["xmlattr"] = (_, a) => XmlAttributes(a.For("xmlattr", "d", "autospace=")),
        ["urlize"] = (_, _) => throw PyException.Unsupported("The filter 'urlize'"),
    };

    private static object Text(object? value, Func<string, string> change) =>
        value is Markup markup ? new Markup(change(markup.Text)) : change(PyText.Str(value));

    private static string Title(string text) => string.Concat(TitleSplit().Split(text)
        .Where(part => part.Length > 0)
        .Select(part => char.IsHighSurrogate(part[0]) && part.Length > 1 ? PyString.Upper(part[..2]) + PyString.Lower(part[2..]) : PyString.Upper(part[..1]) + PyString.Lower(part[1..])));

    private static object? Replace(Run run, Arguments arguments)
    {
        var given = arguments.For("replace", "s", "old", "new", "count=");
        var count = given.Or(3, null) is null ? -1 : given.Whole(3);
        if (given[1] is Undefined || given[2] is Undefined)
        {
            throw PyException.TypeError($"replace() argument {(given[1] is Undefined ? 1 : 2)} must be str, not Undefined");
        }

        return Text(given[0], text => StringMethods.Replace(run, text, given.Text(1), given.Text(2), count));
    }

    private static object? Truncate(Bound given)
    {
        var length = given.Whole(1, 255);
        var end = given.Text(3, "...");
        var leeway = given.Or(4, null) is null ? 5 : given.Whole(4);
        if (length < PyString.Length(end))
        {
            throw new PyException("AssertionError", $"expected length >= {PyString.Length(end)}, got {length}");
        }

        if (leeway < 0)
        {
            throw new PyException("AssertionError", $"expected leeway >= 0, got {leeway}");
        }

        return Text(given[0], text =>
        {
            if (PyString.Length(text) <= length + leeway)
            {
                return text;
            }

            var cut = string.Concat(PyString.Characters(text).Take(length - PyString.Length(end)));
            var space = given.Flag(2, false) ? -1 : cut.LastIndexOf(' ');
            return (space < 0 ? cut : cut[..space]) + end;
        });
    }

    private static string WordWrap(Run run, Bound given)
    {
        var wrap = new TextWrap(run, given.Whole(1, 79), given.Flag(2, true), given.Flag(4, true));
        var between = given.Or(3, null) is null ? "\n" : given.Text(3);
        return string.Join(between, Splitting.Lines(PyText.Str(given[0])).Select(line => string.Join(between, wrap.Wrap(line))));
    }

    private static object? Indent(Run run, Bound given)
    {
        var by = given.Has(1) && PyType.TextOf(given[1]) is { } text ? text : new string(' ', Math.Clamp(given.Whole(1, 4), 0, 10_000));
        return Text(given[0], value =>
        {
            var lines = Splitting.Lines(value + "\n").ToList();
            run.CheckLength(value.Length + ((long)lines.Count * by.Length));
            var blank = given.Flag(3, false);
            var indented = lines.Select((line, index) => index > 0 && (blank || line.Length > 0) ? by + line : line);
            return (given.Flag(2, false) ? by : "") + string.Join('\n', indented);
        });
    }

    private static object Format(Run run, Arguments arguments)
    {
        var rest = arguments.Positional.Skip(1).ToArray();
        if (rest.Length > 0 && arguments.Named.Count > 0)
        {
            throw new PyException("FilterArgumentError", "can't handle positional and keyword arguments at the same time");
        }

        var named = new PyDict();
        foreach (var (key, value) in arguments.Named)
        {
            named.Set(key, value);
        }

        object? values = arguments.Named.Count > 0 ? named : new PyTuple(rest);
        return Operators.Binary(run, "%", arguments.Positional[0] as Markup ?? (object)PyText.Str(arguments.Positional[0]), values)!;
    }

    private static Markup StripTags(string text)
    {
        text = Comment().Replace(text, "");
        text = Tag().Replace(text, "");
        return new Markup(Markup.Unescape(string.Join(' ', Splitting.Split(text, null, -1))));
    }

    private static string UrlEncode(Run run, object? value)
    {
        switch (value)
        {
            case string or Markup or System.Numerics.BigInteger or double or bool or null:
                return Quote(PyText.Str(value), "/");
            case PyDict dict:
                return string.Join('&', dict.Select(pair => $"{QuoteForm(pair.Key)}={QuoteForm(pair.Value)}"));
            default:
                return string.Join('&', run.ToList(run.Iterate(value)).Select(pair =>
                    run.Iterate(pair).ToList() is [var key, var item] ? $"{QuoteForm(key)}={QuoteForm(item)}" : throw PyException.ValueError("not enough values to unpack (expected 2, got 1)")));
        }
    }

    private static string QuoteForm(object? value) => Quote(PyText.Str(value), "").Replace("%20", "+", StringComparison.Ordinal);

    private static string Quote(string text, string safe)
    {
        var quoted = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)value;
            _ = char.IsAsciiLetterOrDigit(c) || "_.-~".Contains(c, StringComparison.Ordinal) || safe.Contains(c, StringComparison.Ordinal)
                ? quoted.Append(c)
                : quoted.Append('%').Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return quoted.ToString();
    }

    private static string XmlAttributes(Bound given)
    {
        var items = (given[0] as PyDict ?? throw PyException.TypeError("'xmlattr' needs a dict")).Where(pair => pair.Value is not (null or Undefined)).ToList();
        if (items.Find(pair => PyText.Str(pair.Key).AsSpan().ContainsAny(BadInName)) is { Key: { } bad })
        {
            throw PyException.ValueError($"Invalid character in attribute name: {PyText.Repr(bad)}");
        }

        var text = string.Join(' ', items.Select(pair => $"{Markup.Of(pair.Key).Text}=\"{Markup.Of(pair.Value).Text}\""));
        return text.Length > 0 && given.Flag(1, true) ? " " + text : text;
    }

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"([-\s({\[<]+)", RegexOptions.CultureInvariant)]
    private static partial Regex TitleSplit();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex("<.*?>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
