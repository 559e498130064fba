using System.Globalization;
using System.Numerics;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Filters on any value.</summary>
internal static class ConversionFilters
{
    public static Dictionary<string, Func<Run, Arguments, object?>> All { get; } = new()
    {
        ["default"] = (_, a) => Default(a.For("default", "value", "default_value=", "boolean=")),
        ["d"] = (_, a) => Default(a.For("d", "value", "default_value=", "boolean=")),
        ["attr"] = (run, a) => Attribute(run, a.For("attr", "obj", "name")),
        ["tojson"] = (_, a) => ToJson(a.For("tojson", "value", "indent=")),
        ["pprint"] = (_, a) => PrettyPrint(a.For("pprint", "value")[0]),
    };

    private static object? Default(Bound given) =>
        given[0] is Undefined || (given.Flag(2, false) && !PyType.IsTrue(given[0])) ? given.Or(1, "") : given[0];

    // Only real attributes: keys are not looked at.
    private static object? Attribute(Run run, Bound given)
    {
        var name = given.Text(1);
        return given[0] is PyDict dict && DictMethods.Find(name) is null ? Undefined.Attribute(dict, name) : Attributes.Get(run, given[0], name);
    }

    private static Markup ToJson(Bound given)
    {
        var indent = given.Or(1, null) is null ? null : PyType.TextOf(given[1]) ?? new string(' ', Math.Clamp(given.Whole(1), 0, 1_000));
        var text = new StringBuilder();
        AppendJson(text, given[0], indent, 0);
        return new Markup(text.Replace("<", "\\u003c").Replace(">", "\\u003e").Replace("&", "\\u0026").Replace("'", "\\u0027").ToString());
    }

    private static void AppendJson(StringBuilder text, object? value, string? indent, int depth)
    {
        PyNumber.EnsureStack();
        if (text.Length > Run.LongestText)
        {
            throw Run.TooLong();
        }

        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case BigInteger number:
                text.Append(PyText.Whole(number));
                break;
            case double number:
                text.Append(Number(number));
                break;
            case string or Markup:
                AppendJsonText(text, PyType.TextOf(value)!);
                break;
            case List<object?> list:
                AppendJsonItems(text, '[', list, ']', indent, depth, item => AppendJson(text, item, indent, depth + 1));
                break;
            case PyTuple tuple:
                AppendJsonItems(text, '[', tuple.Items, ']', indent, depth, item => AppendJson(text, item, indent, depth + 1));
                break;
            case PyDict dict:
                AppendJsonItems(text, '{', Sorted(dict), '}', indent, depth, pair =>
                {
                    AppendJsonText(text, Key(pair.Key));
                    text.Append(": ");
                    AppendJson(text, pair.Value, indent, depth + 1);
                });
                break;
            default:
                throw PyException.TypeError($"Object of type {PyType.NameOf(value)} is not JSON serializable");
        }
    }

    private static IReadOnlyCollection<KeyValuePair<object?, object?>> Sorted(PyDict dict) =>
        [.. dict.OrderBy(pair => pair.Key, Comparer<object?>.Create((a, b) => PyCompare.Order(a, b)))];

    private static string Key(object? key) => key switch
    {
        string or Markup => PyType.TextOf(key)!,
        bool flag => flag ? "true" : "false",
        null => "null",
        BigInteger number => PyText.Whole(number),
        double number => Number(number),
        _ => throw PyException.TypeError($"keys must be str, int, float, bool or None, not {PyType.NameOf(key)}"),
    };

    private static string Number(double number) => PythonRepr.Float(number) switch { "nan" => "NaN", "inf" => "Infinity", "-inf" => "-Infinity", var text => text };

    private static void AppendJsonItems<T>(StringBuilder text, char open, IReadOnlyCollection<T> items, char close, string? indent, int depth, Action<T> append)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            text.Append(isFirst ? "" : indent is null ? ", " : ",");
            isFirst = false;
            NewLine(text, indent, depth + 1);
            append(item);
        }

        if (items.Count > 0)
        {
            NewLine(text, indent, depth);
        }

        text.Append(close);
    }

    private static void NewLine(StringBuilder text, string? indent, int depth)
    {
        if (indent is not null)
        {
            text.Append('\n');
            for (var i = 0; i < depth; i++)
            {
                text.Append(indent);
            }
        }
    }

    private static void AppendJsonText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    private static string PrettyPrint(object? value)
    {
        var text = PyText.Repr(SortedCopy(value));
        return text.Length <= 80 ? text : throw PyException.Unsupported("The filter 'pprint' on values of more than one line");
    }

    private static object? SortedCopy(object? value)
    {
        PyNumber.EnsureStack();
        switch (value)
        {
            case List<object?> list:
                return list.Select(SortedCopy).ToList();
            case PyTuple tuple:
                return new PyTuple([.. tuple.Items.Select(SortedCopy)]);
            case PyDict dict:
                var sorted = new PyDict();
                foreach (var (key, item) in Sorted(dict))
                {
                    sorted.Set(key, SortedCopy(item));
                }

                return sorted;
            default:
                return value;
        }
    }
}
