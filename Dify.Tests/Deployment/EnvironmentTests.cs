using System.Text.RegularExpressions;
using Dify.Tests.Support;
using Dify.Web.Hosting;
using Xunit;

namespace Dify.Tests.Deployment;

/// <summary>The table of settings in the README and the code speak of the same names.</summary>
public sealed partial class EnvironmentTests
{
    private static readonly string[] OfTheFramework = ["ASPNETCORE_URLS"];

    public static TheoryData<string> Documented { get; } = [.. NamesOfTable()];

    public static TheoryData<string> Mapped { get; } = [.. DifyEnvironment.Names.Keys];

    [Theory]
    [MemberData(nameof(Documented))]
    public void What_the_readme_names_the_code_reads(string name) =>
        Assert.True(OfTheFramework.Contains(name) || Sources.Value.Contains($"\"{name}\"", StringComparison.Ordinal), name);

    [Theory]
    [MemberData(nameof(Mapped))]
    public void What_the_code_maps_the_readme_names(string name) => Assert.Contains(name, NamesOfTable());

    private static readonly Lazy<string> Sources = new(() => string.Concat(
        new[] { "Dify.Core", "Dify.Web/Hosting" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, folder), "*.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText)));

    private static List<string> NamesOfTable() =>
    [
        .. File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, "README.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => EnvironmentName().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value)),
    ];

    [GeneratedRegex("`([A-Z][A-Z_]+)")]
    private static partial Regex EnvironmentName();
}
