using System.Collections.Concurrent;
using System.Text;

namespace Dify.Core.Tools.BuiltIn.Time;

/// <summary>
/// The short name of a zone at a time, as <c>CST</c> or <c>CEST</c>. .NET does not know them; they stand in the last line
/// of the system's zone files.
/// </summary>
internal static class ZoneName
{
    private const int LargestFile = 64 * 1024;
    private const string Folder = "/usr/share/zoneinfo";

    private static readonly ConcurrentDictionary<string, (string Standard, string Summer)> Known = new(StringComparer.Ordinal);

    public static string Of(TimeZoneInfo zone, DateTimeOffset time)
    {
        if (zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime && zone.Id is "UTC" or "Etc/UTC")
        {
            return "UTC";
        }

        var (standard, summer) = Known.GetOrAdd(zone.Id, Read);
        var name = zone.IsDaylightSavingTime(time) && summer.Length > 0 ? summer : standard;
        return name.Length > 0 ? name : time.ToString("zzz", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static (string Standard, string Summer) Read(string id)
    {
        var path = Path.GetFullPath(Path.Combine(Folder, id));
        var file = new FileInfo(path);
        if (!path.StartsWith(Folder + "/", StringComparison.Ordinal) || !file.Exists || file.Length > LargestFile)
        {
            return ("", "");
        }

        var rule = Encoding.ASCII.GetString(File.ReadAllBytes(path)).TrimEnd('\n');
        rule = rule[(rule.LastIndexOf('\n') + 1)..];
        var at = 0;
        var standard = Name(rule, ref at);
        while (at < rule.Length && (char.IsAsciiDigit(rule[at]) || rule[at] is '+' or '-' or ':'))
        {
            at++;
        }

        return (standard, Name(rule, ref at));
    }

    /// <summary>Letters, or anything in angle brackets.</summary>
    private static string Name(string rule, ref int at)
    {
        var start = at;
        if (at < rule.Length && rule[at] == '<')
        {
            var end = rule.IndexOf('>', at);
            at = end < 0 ? rule.Length : end + 1;
            return end < 0 ? "" : rule[(start + 1)..end];
        }

        while (at < rule.Length && char.IsAsciiLetter(rule[at]))
        {
            at++;
        }

        return rule[start..at];
    }
}
