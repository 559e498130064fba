using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Files;

/// <summary>Section <c>Uploads</c>; Dify's environment names in brackets.</summary>
public sealed class UploadLimits
{
    /// <summary>Megabytes a document at most (<c>UPLOAD_FILE_SIZE_LIMIT</c>).</summary>
    [Range(1, 2000)]
    public int FileSizeMegabytes { get; set; } = 15;

    /// <summary>Files a batch at most (<c>UPLOAD_FILE_BATCH_LIMIT</c>).</summary>
    [Range(1, 1000)]
    public int BatchCount { get; set; } = 5;

    /// <summary>Extensions refused everywhere, separated by commas (<c>UPLOAD_FILE_EXTENSION_BLACKLIST</c>).</summary>
    public string ExtensionBlocklist { get; set; } = "";

    public long FileSizeBytes => FileSizeMegabytes * 1024L * 1024;

    internal bool IsBlocked(string extension) =>
        extension.Length > 0
        && ExtensionBlocklist.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(blocked => blocked.TrimStart('.').Equals(extension, StringComparison.OrdinalIgnoreCase));
}
