using Dify.Tests.Support;

namespace Dify.Tests.Workflows;

/// <summary>Recordings of Dify's own engine: the copies of the project, and beside the checkout more of them.</summary>
internal static class GoldenFolder
{
    private static readonly string Own = Path.Combine(AppContext.BaseDirectory, "Workflows", "Golden");
    private static readonly string Shared = Path.Combine(SharedFolder.Root, "golden");

    /// <summary>Names of the traces, for <see cref="PathOf"/>.</summary>
    public static IEnumerable<string> Traces() =>
        Traces("own", Own, "micro").Concat(Traces("shared", Shared, "micro")).Concat(Traces("shared", Shared, "upstream"));

    public static string PathOf(string name)
    {
        var parts = name.Split('/', 2);
        return Path.Combine(parts[0] == "own" ? Own : Shared, parts[1]);
    }

    /// <summary>The rows of a file of vectors.</summary>
    public static IEnumerable<string> Rows(string file) =>
        new[] { Own, Shared }.Select(folder => Path.Combine(folder, "vectors", file)).Where(File.Exists)
            .SelectMany(File.ReadLines).Where(line => line.Length > 0).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Traces(string name, string root, string folder)
    {
        var path = Path.Combine(root, folder);
        return Directory.Exists(path)
            ? Directory.GetFiles(path, "*.trace.txt").Select(file => $"{name}/{folder}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)
            : [];
    }
}
