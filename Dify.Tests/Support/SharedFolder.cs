using Xunit;

namespace Dify.Tests.Support;

/// <summary>
/// Reference material beside the checkout (<c>../shared</c>): sample documents, recorded traces, judged queries. It is
/// read where it lies; tests that need it say so when it is missing.
/// </summary>
internal static class SharedFolder
{
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static string Root { get; } = Path.Combine(Path.GetDirectoryName(RepositoryRoot)!, "shared");

    /// <summary>The full path, or a skipped test that prints why.</summary>
    public static string PathOf(string relative)
    {
        var path = Path.Combine(Root, relative);
        Assert.SkipUnless(Path.Exists(path), $"the reference material '../shared/{relative}' is not beside the checkout");
        return path;
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dify.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Dify.sln is not above the test binaries.");
    }
}
