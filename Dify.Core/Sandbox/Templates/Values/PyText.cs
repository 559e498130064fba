using System.Globalization;
using System.Numerics;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Sandbox.Templates.Library;
using Dify.Core.Sandbox.Templates.Running;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary><c>str</c> and <c>repr</c>.</summary>
internal static class PyText
{
    public static string Str(object? value) => value switch
    {
        string text => text,
        Markup text => text.Text,
        Undefined => "",
        BigInteger number => Whole(number),
        _ => Repr(value),
    };

    public static string Repr(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>Python refuses to print whole numbers of more than 4,300 digits.</summary>
    public static string Whole(BigInteger number) => number.GetBitLength() > 14_290
        ? throw PyException.ValueError("Exceeds the limit (4300 digits) for integer string conversion")
        : number.ToString(CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, object? value)
    {
        if (text.Length > Run.LongestText)
        {
            throw Run.TooLong();
        }

        PyNumber.EnsureStack();
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case BigInteger number:
                text.Append(Whole(number));
                break;
            case double number:
                text.Append(PythonRepr.Float(number));
                break;
            case string plain:
                PythonRepr.AppendQuoted(text, plain);
                break;
            case Markup markup:
                text.Append("Markup(");
                PythonRepr.AppendQuoted(text, markup.Text);
                text.Append(')');
                break;
            case List<object?> list:
                AppendItems(text, "[", list, "]");
                break;
            case PyTuple tuple:
                AppendItems(text, "(", tuple.Items, tuple.Items.Length == 1 ? ",)" : ")");
                break;
            case PyDict dict:
                AppendDict(text, dict);
                break;
            case PySequence sequence:
                if (sequence.Text is { } own)
                {
                    text.Append(own);
                    break;
                }

                AppendItems(text.Append(sequence.Name), "([", sequence.Items, "])");
                break;
            case Undefined:
                text.Append("Undefined");
                break;
            case Namespace space:
                text.Append("<Namespace ");
                AppendDict(text, space.Values);
                text.Append('>');
                break;
            case LoopContext loop:
                text.Append(CultureInfo.InvariantCulture, $"<LoopContext {loop.Index0 + 1}/{loop.Length}>");
                break;
            case Macro macro:
                text.Append("<Macro ");
                PythonRepr.AppendQuoted(text, macro.Name);
                text.Append('>');
                break;
            default:
                throw PyException.Unsupported($"Printing a {PyType.NameOf(value)} (use |list, or call it)");
        }
    }

    private static void AppendItems(StringBuilder text, string open, IReadOnlyList<object?> items, string close)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Append(text, items[i]);
        }

        text.Append(close);
    }

    private static void AppendDict(StringBuilder text, PyDict dict)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, item) in dict)
        {
            text.Append(first ? "" : ", ");
            first = false;
            Append(text, key);
            text.Append(": ");
            Append(text, item);
        }

        text.Append('}');
    }
}
