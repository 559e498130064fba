using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Common;

namespace Dify.Core.Apps.Transfer;

/// <summary>
/// A version of the app file format, compared as Python's <c>packaging.version</c> compares (PEP 440). It only decides
/// whether a person is warned or asked; what is in a file is told by its content.
/// </summary>
internal sealed partial class DslVersion : IComparable<DslVersion>
{
    /// <summary>What this program writes.</summary>
    public const string Current = "0.6.0";

    /// <summary>What a file without a version has.</summary>
    public const string Oldest = "0.1.0";

    private readonly BigInteger _epoch;
    private readonly BigInteger[] _release;
    private readonly (int Rank, BigInteger Number) _pre;
    private readonly BigInteger _post;
    private readonly (int Rank, BigInteger Number) _dev;

    private DslVersion(BigInteger epoch, BigInteger[] release, (int, BigInteger) pre, BigInteger post, (int, BigInteger) dev) =>
        (_epoch, _release, _pre, _post, _dev) = (epoch, release, pre, post, dev);

    public BigInteger Major => _release[0];

    public BigInteger Minor => _release.Length > 1 ? _release[1] : 0;

    /// <summary>Null when the text is no version.</summary>
    public static DslVersion? TryParse(string text)
    {
        if (text.Length > 100 || Form().Match(text.Trim().ToLowerInvariant()) is not { Success: true } match)
        {
            return null;
        }

        var hasPre = match.Groups["prekind"].Success;
        var hasPost = match.Groups["post"].Success;
        var hasDev = match.Groups["dev"].Success;
        var pre = hasPre
            ? (match.Groups["prekind"].Value[0] switch { 'a' => 0, 'b' => 1, _ => 2 }, Number(match.Groups["pre"].Value))

            // 1.0.dev1 comes before 1.0a1, and 1.0 after 1.0rc1.
            : (hasDev && !hasPost ? -1 : 3, BigInteger.Zero);
        return new DslVersion(
            Number(match.Groups["epoch"].Value),
            [.. match.Groups["release"].Value.Split('.').Select(Number)],
            pre,
            hasPost ? Number(match.Groups["postnumber"].Value) : -1,
            hasDev ? (0, Number(match.Groups["devnumber"].Value)) : (1, 0));
    }

    /// <summary>What is to be done with a file of the version <paramref name="imported"/>.</summary>
    public static ImportStatus Decide(string imported)
    {
        var current = TryParse(Current)!;
        return TryParse(imported) switch
        {
            null => ImportStatus.Failed,
            var file when file.CompareTo(current) > 0 => ImportStatus.Pending,
            var file when file.Major < current.Major => ImportStatus.Pending,
            var file when file.Minor < current.Minor => ImportStatus.CompletedWithWarnings,
            _ => ImportStatus.Completed,
        };
    }

    /// <summary>The version that a file says; nothing and empty mean <see cref="Oldest"/>.</summary>
    /// <exception cref="DifyException">It is not a text, as an unquoted <c>0.5</c> is.</exception>
    public static string Read(JsonNode? version) => version switch
    {
        null or JsonObject { Count: 0 } or JsonArray { Count: 0 } => Oldest,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.ToString() is { Length: > 0 } text ? text : Oldest,
        JsonValue value when value.GetValueKind() == JsonValueKind.False || (value.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() == 0) => Oldest,
        _ => throw DifyException.Invalid($"Invalid version type, expected str, got <class '{PythonType(version)}'>"),
    };

    public int CompareTo(DslVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = _epoch.CompareTo(other._epoch);
        for (var i = 0; order == 0 && i < Math.Max(_release.Length, other._release.Length); i++)
        {
            order = _release.ElementAtOrDefault(i).CompareTo(other._release.ElementAtOrDefault(i));
        }

        order = order != 0 ? order : _pre.CompareTo(other._pre);
        order = order != 0 ? order : _post.CompareTo(other._post);
        return order != 0 ? order : _dev.CompareTo(other._dev);
    }

    private static string PythonType(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        JsonValueKind.True => "bool",
        _ => node.ToJsonString().AsSpan().ContainsAny(".eE") ? "float" : "int",
    };

    private static BigInteger Number(string digits) =>
        digits.Length == 0 ? BigInteger.Zero : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("^v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\\.[0-9]+)*)"
        + "(?:[-_.]?(?<prekind>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>[0-9]*))?"
        + "(?<post>-(?<postnumber>[0-9]+)|[-_.]?(?:post|rev|r)[-_.]?(?<postnumber>[0-9]*))?"
        + "(?<dev>[-_.]?dev[-_.]?(?<devnumber>[0-9]*))?(?:\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
