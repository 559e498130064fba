using System.Globalization;
using System.Numerics;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>What filters take from each item: <c>attribute="a.b.0"</c>.</summary>
internal static class Getter
{
    public static Func<object?, object?> Of(Run run, object? attribute, bool ignoreCase = false, object? fallback = null)
    {
        object? Final(object? item) => ignoreCase && PyType.TextOf(item) is { } text ? PyString.Lower(text) : item;
        if (attribute is null)
        {
            return Final;
        }

        var path = Path(attribute);
        return item => Final(Walk(run, item, path, fallback));
    }

    /// <summary>Several attributes, with commas between them, give a list.</summary>
    public static Func<object?, object?> OfSeveral(Run run, object? attribute, bool ignoreCase)
    {
        if (PyType.TextOf(attribute) is not { } text || !text.Contains(',', StringComparison.Ordinal))
        {
            return Of(run, attribute, ignoreCase);
        }

        var getters = text.Split(',').Select(part => Of(run, part, ignoreCase)).ToList();
        return item => getters.Select(getter => getter(item)).ToList();
    }

    private static List<object?> Path(object attribute) => PyType.TextOf(attribute) is { } text
        ? [.. text.Split('.').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? BigInteger.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture) : (object?)part)]
        : [attribute];

    private static object? Walk(Run run, object? item, List<object?> path, object? fallback)
    {
        foreach (var part in path)
        {
            item = Attributes.GetItem(run, item, part);
            if (fallback is not null && item is Undefined)
            {
                item = fallback;
            }
        }

        return item;
    }
}
