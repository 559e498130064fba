using System.Globalization;
using System.Numerics;
using System.Text;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary><c>"{} {name!r:>5}".format(…)</c>.</summary>
internal sealed class StringFormat(Run run, Arguments arguments, Func<string, object?>? lookUp = null)
{
    private int _next;

    public string Apply(string format) => Apply(format, 2);

    private string Apply(string format, int depth)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '}')
            {
                throw PyException.ValueError("Single '}' encountered in format string");
            }
            else if (c == '{')
            {
                var end = EndOf(format, i);
                text.Append(Field(format[(i + 1)..end], depth));
                i = end;
            }
            else
            {
                text.Append(c);
            }

            run.CheckLength(text.Length);
        }

        return text.ToString();
    }

    private static int EndOf(string format, int start)
    {
        var depth = 0;
        for (var i = start; i < format.Length; i++)
        {
            depth += format[i] == '{' ? 1 : format[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw PyException.ValueError(start == format.Length - 1 ? "Single '{' encountered in format string" : "expected '}' before end of string");
    }

    private string Field(string field, int depth)
    {
        var mark = field.AsSpan().IndexOfAny("!:");
        var name = mark < 0 ? field : field[..mark];
        var conversion = '\0';
        var spec = "";
        if (mark >= 0 && field[mark] == '!')
        {
            conversion = mark + 1 < field.Length ? field[mark + 1] : throw PyException.ValueError("end of string while looking for conversion specifier");
            mark = mark + 2 < field.Length && field[mark + 2] == ':' ? mark + 2 : -1;
        }

        if (mark >= 0)
        {
            spec = depth > 0 ? Apply(field[(mark + 1)..], depth - 1) : throw PyException.ValueError("Max string recursion exceeded");
        }

        var value = Value(name);
        return conversion switch
        {
            '\0' => FormatSpec.Apply(run, value, spec),
            's' => FormatSpec.Apply(run, PyText.Str(value), spec),
            'r' => FormatSpec.Apply(run, PyText.Repr(value), spec),
            'a' => FormatSpec.Apply(run, PercentFormat.Ascii(PyText.Repr(value)), spec),
            _ => throw PyException.ValueError($"Unknown conversion specifier {conversion}"),
        };
    }

    private object? Value(string name)
    {
        var end = name.AsSpan().IndexOfAny(".[");
        var first = end < 0 ? name : name[..end];
        var value = lookUp is not null ? lookUp(first)
            : first.Length == 0 ? At(_next++)
            : int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? At(index)
            : arguments.Named.TryGetValue(first, out var named) ? named
            : throw new PyException("KeyError", PyText.Repr(first));
        for (var i = end; i >= 0 && i < name.Length;)
        {
            if (name[i] == '[')
            {
                var close = name.IndexOf(']', i);
                var key = close < 0 ? throw PyException.ValueError("Missing ']' in format string") : name[(i + 1)..close];
                value = Attributes.GetItem(run, value, BigInteger.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : key);
                i = close + 1;
            }
            else
            {
                var next = name.AsSpan(i + 1).IndexOfAny(".[") is var found && found >= 0 ? i + 1 + found : name.Length;
                value = Attributes.Get(run, value, name[(i + 1)..next]);
                i = next;
            }

            if (value is Undefined missing)
            {
                throw missing.Error();
            }
        }

        return value;
    }

    private object? At(int index) => index < arguments.Positional.Count ? arguments.Positional[index]
        : throw new PyException("IndexError", $"Replacement index {index} out of range for positional args tuple");
}
