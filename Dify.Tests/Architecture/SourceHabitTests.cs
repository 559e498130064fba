using System.Text.RegularExpressions;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Architecture;

/// <summary>Habits that only the text of the sources shows.</summary>
public sealed partial class SourceHabitTests
{
    private static readonly string[] Roots = ["Dify.Core", "Dify.Web", "Dify.Tests"];

    private static readonly string[] FoldersOfKinds =
        ["Services", "Interfaces", "Helpers", "Dtos", "Utils", "Managers", "Contracts", "Extensions", "Enums"];

    /// <summary>Where anything may fail and the failure has to become a state with a reason.</summary>
    private static readonly string[] CatchAllKinds = ["job", "node runner", "run root", "API handler"];

    [Fact]
    public void No_source_file_outgrows_its_limit()
    {
        var tooLong = Sources()
            .Select(file => (file, lines: File.ReadLines(file).Count(), limit: file.EndsWith(".cs", StringComparison.Ordinal) ? 400 : 250))
            .Where(f => f.lines > f.limit)
            .Select(f => $"{Name(f.file)}: {f.lines} lines, at most {f.limit}")
            .ToList();
        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));
    }

    [Fact]
    public void Folders_are_named_for_features_not_for_kinds_of_type()
    {
        var offenders = Sources().Select(Name)
            .Where(name => name.Split('/').SkipLast(1).Intersect(FoldersOfKinds).Any())
            .ToList();
        Assert.Empty(offenders);
    }

    [Fact]
    public void Everything_is_caught_only_where_a_comment_says_which_of_the_four_places_it_is()
    {
        var offenders = new List<string>();
        foreach (var file in Sources().Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !Name(f).StartsWith("Dify.Tests/", StringComparison.Ordinal)))
        {
            var lines = File.ReadAllLines(file);
            for (var i = 0; i < lines.Length; i++)
            {
                if (CatchAll().IsMatch(lines[i])
                    && !CatchAllKinds.Any(kind => Around(lines, i).Contains($"Catches all: {kind}", StringComparison.OrdinalIgnoreCase)))
                {
                    offenders.Add($"{Name(file)}:{i + 1}");
                }
            }
        }

        Assert.True(offenders.Count == 0, "Say `// Catches all: job|node runner|run root|API handler …` or catch less:\n" + string.Join('\n', offenders));
    }

    [Fact]
    public void No_work_is_left_as_a_word_in_the_code()
    {
        var offenders = Sources()
            .Where(f => !f.EndsWith("SourceHabitTests.cs", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (f, line, i)))
            .Where(l => LeftWork().IsMatch(l.line))
            .Select(l => $"{Name(l.f)}:{l.i + 1}: {l.line.Trim()}")
            .ToList();
        Assert.True(offenders.Count == 0, string.Join('\n', offenders));
    }

    [Fact]
    public void Pages_ask_no_other_host_for_anything()
    {
        var offenders = Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "Dify.Web"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".razor" or ".css" or ".html" && !IsOutput(f))
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (f, line, i)))
            .Where(l => OtherHost().IsMatch(l.line))
            .Select(l => $"{Name(l.f)}:{l.i + 1}: {l.line.Trim()}")
            .ToList();
        Assert.True(offenders.Count == 0, string.Join('\n', offenders));
    }

    private static string Around(string[] lines, int i) => string.Join('\n', lines[Math.Max(0, i - 3)..Math.Min(lines.Length, i + 4)]);

    private static IEnumerable<string> Sources() => Roots
        .SelectMany(root => Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, root), "*", SearchOption.AllDirectories))
        .Where(f => Path.GetExtension(f) is ".cs" or ".razor" or ".ts" or ".tsx")
        .Where(f => !IsOutput(f));

    private static bool IsOutput(string file) => OutputFolder().IsMatch(Name(file));

    private static string Name(string file) => Path.GetRelativePath(SharedFolder.RepositoryRoot, file).Replace('\\', '/');

    [GeneratedRegex(@"/(bin|obj|node_modules|Migrations|wwwroot/js)/")]
    private static partial Regex OutputFolder();

    [GeneratedRegex(@"catch\s*(\(Exception(\s+\w+)?\)\s*$|\(Exception(\s+\w+)?\)\s*\{|$)")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b|coming soon|not supported yet", RegexOptions.IgnoreCase)]
    private static partial Regex LeftWork();

    [GeneratedRegex(@"(src|href|url\()\s*=?\s*[""'(]?https?://", RegexOptions.IgnoreCase)]
    private static partial Regex OtherHost();
}
