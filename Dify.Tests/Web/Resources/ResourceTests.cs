using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Web.Resources;

/// <summary>Every text exists in English and in Chinese.</summary>
public sealed partial class ResourceTests
{
    private static readonly string Folder = Path.Combine(SharedFolder.RepositoryRoot, "Dify.Web", "Resources");

    public static TheoryData<string> Families { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.resx").Select(f => Path.GetFileName(f).Split('.')[0]).Distinct().Order()];

    [Theory]
    [MemberData(nameof(Families))]
    public void Both_languages_have_the_same_keys(string family)
    {
        var (english, chinese) = (Read(family, ""), Read(family, ".zh-Hans"));
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
        Assert.NotEmpty(english);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Both_languages_fill_in_the_same_values(string family)
    {
        var (english, chinese) = (Read(family, ""), Read(family, ".zh-Hans"));
        foreach (var (key, text) in english)
        {
            Assert.False(string.IsNullOrWhiteSpace(text), $"{family}.{key} is empty in English.");
            Assert.False(string.IsNullOrWhiteSpace(chinese[key]), $"{family}.{key} is empty in Chinese.");
            Assert.True(Slots(text).SetEquals(Slots(chinese[key])), $"{family}.{key} fills in other values in Chinese.");
        }
    }

    [Fact]
    public void Every_key_that_a_page_names_exists()
    {
        var keys = Families.SelectMany(f => Read(f.Data, "").Keys).ToHashSet(StringComparer.Ordinal);
        var missing = Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "Dify.Web", "Components"), "*.razor*", SearchOption.AllDirectories)
            .SelectMany(f => UsedKey().Matches(File.ReadAllText(f)).Select(m => (f, key: m.Groups[1].Value)))
            .Where(u => !(u.key.EndsWith('.') ? keys.Any(k => k.StartsWith(u.key, StringComparison.Ordinal)) : keys.Contains(u.key)))
            .Select(u => $"{Path.GetFileName(u.f)}: {u.key}")
            .Distinct()
            .ToList();
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    private static Dictionary<string, string> Read(string family, string culture) => XDocument
        .Load(Path.Combine(Folder, $"{family}{culture}.resx")).Root!.Elements("data")
        .ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static HashSet<string> Slots(string text) => [.. Slot().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Slot();

    [GeneratedRegex(@"\bText\[""([A-Za-z0-9_.]+)""")]
    private static partial Regex UsedKey();
}
