using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>The methods of texts.</summary>
internal static class StringMethods
{
    private static readonly FrozenSet<string> WithoutArguments = new[]
    {
        "upper", "lower", "casefold", "capitalize", "title", "swapcase", "isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isspace",
        "isascii", "isprintable", "isupper", "islower", "istitle", "isidentifier",
    }.ToFrozenSet();

    public static Func<Run, object, Arguments, object?>? Find(string name)
    {
        var method = FindPlain(name);
        return method is null ? null : (run, owner, arguments) =>
        {
            if (WithoutArguments.Contains(name) && arguments.Positional.Count > 0)
            {
                throw PyException.TypeError($"str.{name}() takes no arguments ({arguments.Positional.Count} given)");
            }

            var result = method(run, PyType.TextOf(owner)!, arguments);
            return owner is Markup ? Marked(result) : Checked(run, result);
        };
    }

    private static object? Checked(Run run, object? result)
    {
        run.CheckLength((result as string)?.Length ?? 0);
        return result;
    }

    private static object? Marked(object? result) => result switch
    {
        string text => new Markup(text),
        List<object?> list => list.Select(Marked).ToList(),
        PyTuple tuple => new PyTuple([.. tuple.Items.Select(Marked)]),
        _ => result,
    };

    private static Func<Run, string, Arguments, object?>? FindPlain(string name) => name switch
    {
        "upper" => (_, s, _) => PyString.Upper(s),
        "lower" or "casefold" => (_, s, _) => name == "casefold" ? PyString.Lower(s).Replace("ß", "ss", StringComparison.Ordinal) : PyString.Lower(s),
        "capitalize" => (_, s, _) => Capitalize(s),
        "title" => (_, s, _) => Title(s),
        "swapcase" => (_, s, _) => string.Concat(s.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))),
        "strip" => (_, s, a) => PyString.Trim(s, a.For(name, "chars=").TextOrNull(0), true, true),
        "lstrip" => (_, s, a) => PyString.Trim(s, a.For(name, "chars=").TextOrNull(0), true, false),
        "rstrip" => (_, s, a) => PyString.Trim(s, a.For(name, "chars=").TextOrNull(0), false, true),
        "replace" => (run, s, a) => a.For(name, "old", "new", "count=") is var given ? Replace(run, s, given.Text(0), given.Text(1), given.Whole(2, -1)) : null,
        "split" => (run, s, a) => a.For(name, "sep=", "maxsplit=") is var given ? run.ToList(Splitting.Split(s, given.TextOrNull(0), given.Whole(1, -1))) : null,
        "rsplit" => (run, s, a) => a.For(name, "sep=", "maxsplit=") is var given ? run.ToList(Splitting.SplitRight(s, given.TextOrNull(0), given.Whole(1, -1))) : null,
        "splitlines" => (run, s, a) => run.ToList(Splitting.Lines(s, a.For(name, "keepends=").Flag(0, false))),
        "partition" => (_, s, a) => Splitting.Partition(s, a.For(name, "sep").Text(0), false),
        "rpartition" => (_, s, a) => Splitting.Partition(s, a.For(name, "sep").Text(0), true),
        "join" => (run, s, a) => Join(run, s, a.For(name, "iterable")[0]),
        "startswith" => (_, s, a) => Matches(s, a.For(name, "prefix", "start=", "end="), (part, affix) => part.StartsWith(affix, StringComparison.Ordinal)),
        "endswith" => (_, s, a) => Matches(s, a.For(name, "suffix", "start=", "end="), (part, affix) => part.EndsWith(affix, StringComparison.Ordinal)),
        "removeprefix" => (_, s, a) => a.For(name, "prefix").Text(0) is var affix && s.StartsWith(affix, StringComparison.Ordinal) ? s[affix.Length..] : s,
        "removesuffix" => (_, s, a) => a.For(name, "suffix").Text(0) is var affix && affix.Length > 0 && s.EndsWith(affix, StringComparison.Ordinal) ? s[..^affix.Length] : s,
        "find" or "index" => (_, s, a) => Place(s, a.For(name, "sub", "start=", "end="), name == "index", false),
        "rfind" or "rindex" => (_, s, a) => Place(s, a.For(name, "sub", "start=", "end="), name == "rindex", true),
        "count" => (_, s, a) => Count(s, a.For(name, "sub", "start=", "end=")),
        "center" or "ljust" or "rjust" => (run, s, a) => a.For(name, "width", "fillchar=") is var given ? Pad(run, s, name, given.Whole(0), given.Text(1, " ")) : null,
        "zfill" => (run, s, a) => ZeroFill(run, s, a.For(name, "width").Whole(0)),
        "expandtabs" => (run, s, a) => ExpandTabs(run, s, a.For(name, "tabsize=").Whole(0, 8)),
        "format" => (run, s, a) => new StringFormat(run, a).Apply(s),
        "format_map" => (run, s, a) => a.For(name, "mapping")[0] as PyDict is { } map
            ? new StringFormat(run, Arguments.Empty, key => map.TryGet(key, out var value) ? value : throw new PyException("KeyError", PyText.Repr(key))).Apply(s)
            : throw PyException.TypeError("format_map() argument must be a mapping"),
        "isalpha" => (_, s, _) => All(s, Rune.IsLetter),
        "isdigit" => (_, s, _) => All(s, rune => Rune.IsDigit(rune) || CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0),
        "isdecimal" => (_, s, _) => All(s, Rune.IsDigit),
        "isnumeric" => (_, s, _) => All(s, rune => Rune.GetNumericValue(rune) >= 0 || Rune.IsNumber(rune)),
        "isalnum" => (_, s, _) => All(s, rune => Rune.IsLetter(rune) || Rune.IsNumber(rune)),
        "isspace" => (_, s, _) => s.Length > 0 && s.All(PyString.IsSpace),
        "isascii" => (_, s, _) => s.All(char.IsAscii),
        "isprintable" => (_, s, _) => s.EnumerateRunes().All(PythonRepr.IsPrintable),
        "isupper" => (_, s, _) => s.Any(char.IsUpper) && !s.Any(char.IsLower),
        "islower" => (_, s, _) => s.Any(char.IsLower) && !s.Any(char.IsUpper),
        "istitle" => (_, s, _) => s.Any(char.IsLetter) && Title(s) == s,
        "isidentifier" => (_, s, _) => s.Length > 0 && (char.IsLetter(s[0]) || s[0] == '_') && s.All(c => char.IsLetterOrDigit(c) || c == '_'),
        "encode" or "translate" or "maketrans" => (_, _, _) => throw PyException.Unsupported($"str.{name}()"),
        _ => null,
    };

    public static string Capitalize(string text)
    {
        var first = text.Length == 0 ? 0 : char.IsHighSurrogate(text[0]) && text.Length > 1 ? 2 : 1;
        return PyString.TitleCase(text[..first]) is var upper && upper.Length > first ? upper[0] + PyString.Lower(upper[1..]) + PyString.Lower(text[first..]) : upper + PyString.Lower(text[first..]);
    }

    public static string Pad(Run run, string text, string how, int width, string fill)
    {
        if (PyString.Length(fill) != 1)
        {
            throw PyException.TypeError("The fill character must be exactly one character long");
        }

        run.CheckLength(width);
        var missing = Math.Max(0, width - PyString.Length(text));
        var left = how switch { "ljust" => 0, "rjust" => missing, _ => (missing / 2) + (missing & width & 1) };
        return string.Concat(Enumerable.Repeat(fill, left)) + text + string.Concat(Enumerable.Repeat(fill, missing - left));
    }

    public static string Replace(Run run, string text, string old, string with, int count)
    {
        var result = new StringBuilder();
        var position = 0;
        if (old.Length == 0)
        {
            foreach (var (character, index) in PyString.Characters(text).Append("").Select((character, index) => (character, index)))
            {
                result.Append(count < 0 || index < count ? with : "").Append(character);
                run.CheckLength(result.Length);
            }

            return result.ToString();
        }

        for (var at = 0; count != 0 && (at = text.IndexOf(old, position, StringComparison.Ordinal)) >= 0; count--)
        {
            result.Append(text, position, at - position).Append(with);
            position = at + old.Length;
            run.CheckLength(result.Length);
        }

        return result.Append(text, position, text.Length - position).ToString();
    }

    private static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var isInside = false;
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append((isInside ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune)).ToString());
            isInside = Rune.IsLetter(rune) && (Rune.IsLower(rune) || Rune.IsUpper(rune) || Rune.ToLowerInvariant(rune) != Rune.ToUpperInvariant(rune));
        }

        return result.ToString();
    }

    private static string Join(Run run, string separator, object? items)
    {
        var text = new StringBuilder();
        var index = 0;
        foreach (var item in run.ToList(run.Iterate(items)))
        {
            text.Append(index == 0 ? "" : separator).Append(PyType.TextOf(item)
                ?? throw PyException.TypeError($"sequence item {index}: expected str instance, {PyType.NameOf(item)} found"));
            index++;
            run.CheckLength(text.Length);
        }

        return text.ToString();
    }

    private static bool Matches(string text, Bound given, Func<string, string, bool> test)
    {
        var part = Part(text, given, out var isInside);
        return isInside && (given[0] is PyTuple several
            ? several.Items.Any(affix => test(part, PyType.TextOf(affix) ?? throw PyException.TypeError("tuple for startswith must only contain str")))
            : test(part, given.Text(0)));
    }

    private static string Part(string text, Bound given, out bool isInside)
    {
        isInside = true;
        if (!given.Has(1) && !given.Has(2))
        {
            return text;
        }

        var length = PyString.Length(text);
        int At(int index, int fallback) => !given.Has(index) || given[index] is null ? fallback : given.Whole(index) is var place && place < 0 ? Math.Max(0, place + length) : Math.Min(place, length);
        var (start, end) = (At(1, 0), At(2, length));
        isInside = start <= end && given.Whole(1, 0) <= length;
        return isInside ? (string)Slicing.Slice(text, new BigInteger(start), new BigInteger(end), null)! : "";
    }

    private static BigInteger Place(string text, Bound given, bool isRequired, bool isLast)
    {
        var part = Part(text, given, out var isInside);
        var sub = given.Text(0);
        var at = !isInside ? -1 : isLast ? (sub.Length == 0 ? part.Length : part.LastIndexOf(sub, StringComparison.Ordinal)) : part.IndexOf(sub, StringComparison.Ordinal);
        if (at < 0)
        {
            return isRequired ? throw PyException.ValueError("substring not found") : BigInteger.MinusOne;
        }

        var start = given.Has(1) && given[1] is not null ? given.Whole(1) is var place && place < 0 ? Math.Max(0, place + PyString.Length(text)) : place : 0;
        return new BigInteger(start + PyString.Length(part[..at]));
    }

    private static BigInteger Count(string text, Bound given)
    {
        var part = Part(text, given, out var isInside);
        var sub = given.Text(0);
        return !isInside ? BigInteger.Zero : new BigInteger(sub.Length == 0 ? PyString.Length(part) + 1 : part.AsSpan().Count(sub));
    }

    private static string ZeroFill(Run run, string text, int width)
    {
        run.CheckLength(width);
        var sign = text.Length > 0 && text[0] is '+' or '-' ? text[..1] : "";
        return sign + new string('0', Math.Max(0, width - PyString.Length(text))) + text[sign.Length..];
    }

    private static string ExpandTabs(Run run, string text, int size)
    {
        run.CheckLength((long)text.AsSpan().Count('\t') * Math.Max(size, 0));
        var result = new StringBuilder();
        var column = 0;
        foreach (var c in text)
        {
            var width = c == '\t' && size > 0 ? size - (column % size) : 0;
            _ = c == '\t' ? result.Append(' ', width) : result.Append(c);
            column = c is '\n' or '\r' ? 0 : column + (c == '\t' ? width : 1);
        }

        return result.ToString();
    }

    private static bool All(string text, Func<Rune, bool> test) => text.Length > 0 && text.EnumerateRunes().All(test);
}
