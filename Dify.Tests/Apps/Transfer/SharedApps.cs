using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

/// <summary>The real exports beside the checkout.</summary>
internal static class SharedApps
{
    private const string Folder = "dsl/awesome-dify-workflow";

    /// <summary>Names of the files; without the folder one name that skips its test.</summary>
    public static TheoryData<string> Names
    {
        get
        {
            var path = Path.Combine(SharedFolder.Root, Folder);
            return Directory.Exists(path)
                ? [.. Directory.GetFiles(path, "*.yml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)]
                : ["(no files)"];
        }
    }

    public static string Read(string name) => File.ReadAllText(Path.Combine(SharedFolder.PathOf(Folder), name));
}
