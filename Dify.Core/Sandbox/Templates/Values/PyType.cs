using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Globalization;
using Dify.Core.Sandbox.Templates.Library;
using Dify.Core.Sandbox.Templates.Running;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>
/// Python's types in .NET: None is null, whole numbers of any size are <see cref="BigInteger"/>, floats double, texts
/// string, lists <c>List&lt;object?&gt;</c>; the others have classes here.
/// </summary>
internal static class PyType
{
    public static string NameOf(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        Markup => "Markup",
        List<object?> => "list",
        PyTuple => "tuple",
        PyDict => "dict",
        PySequence sequence => sequence.Name,
        PyIterator => "generator",
        Undefined => "Undefined",
        Namespace => "Namespace",
        LoopContext => "LoopContext",
        Macro => "Macro",
        PyFunction => "function",
        Cycler => "Cycler",
        Joiner => "Joiner",
        _ => "object",
    };

    /// <summary>As Jinja2 names the owner of a missing attribute.</summary>
    public static string ObjectName(object? value) => value switch
    {
        null => "None",
        Markup => "markupsafe.Markup object",
        Namespace => "jinja2.utils.Namespace object",
        LoopContext => "jinja2.runtime.LoopContext object",
        Macro => "jinja2.runtime.Macro object",
        Cycler => "jinja2.utils.Cycler object",
        Joiner => "jinja2.utils.Joiner object",
        _ => $"{NameOf(value)} object",
    };

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        string text => text.Length > 0,
        Markup text => text.Text.Length > 0,
        List<object?> list => list.Count > 0,
        PyTuple tuple => tuple.Items.Length > 0,
        PyDict dict => dict.Count > 0,
        PySequence sequence => sequence.Items.Count > 0,
        Undefined => false,
        _ => true,
    };

    public static bool IsCallable(object? value) => value is PyFunction or Macro or Joiner or LoopContext;

    public static string? TextOf(object? value) => value switch
    {
        string text => text,
        Markup text => text.Text,
        _ => null,
    };

    /// <summary>A number of the program's variables: whole when it was written without point and exponent.</summary>
    public static object? FromJson(JsonNode? value) => value switch
    {
        null => null,
        JsonArray list => list.Select(FromJson).ToList(),
        JsonObject map => FromJson(map),
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => scalar.ToString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => FromNumber(scalar),
            _ => null,
        },
        _ => null,
    };

    private static PyDict FromJson(JsonObject map)
    {
        var dict = new PyDict();
        foreach (var (key, item) in map)
        {
            dict.Set(key, FromJson(item));
        }

        return dict;
    }

    private static object FromNumber(JsonValue number)
    {
        if (!number.TryGetValue<JsonElement>(out _) && number.TryGetValue<double>(out var real))
        {
            return real;
        }

        var text = number.ToJsonString();
        return text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
            ? BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
