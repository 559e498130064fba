using Microsoft.Extensions.Configuration;

namespace Dify.Core.Common;

/// <summary>
/// The one folder that the program writes to: <c>DIFY_DATA_DIR</c>, else <c>data</c> below the working directory.
/// </summary>
public sealed class DataFolder
{
    public DataFolder(IConfiguration configuration)
    {
        Root = PathFrom(configuration);
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    /// <summary>Where it lies, or would lie.</summary>
    public static string PathFrom(IConfiguration configuration) =>
        Path.GetFullPath(configuration["DIFY_DATA_DIR"] is { Length: > 0 } named ? named : "data");

    /// <summary>The full path of an entry, whose parent folder is made if missing.</summary>
    public string PathOf(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([Root, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
