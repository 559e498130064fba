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

    /// <summary>Megabytes an image at most (<c>UPLOAD_IMAGE_FILE_SIZE_LIMIT</c>).</summary>
    [Range(1, 2000)]
    public int ImageSizeMegabytes { get; set; } = 10;

    /// <summary>Megabytes a sound file at most (<c>UPLOAD_AUDIO_FILE_SIZE_LIMIT</c>).</summary>
    [Range(1, 2000)]
    public int AudioSizeMegabytes { get; set; } = 50;

    /// <summary>Megabytes a video at most (<c>UPLOAD_VIDEO_FILE_SIZE_LIMIT</c>).</summary>
    [Range(1, 2000)]
    public int VideoSizeMegabytes { get; set; } = 100;

    /// <summary>Files that one field of an app can take at most (<c>WORKFLOW_FILE_UPLOAD_LIMIT</c>).</summary>
    [Range(1, 100)]
    public int WorkflowFileCount { get; set; } = 10;

    /// <summary>Seconds that a signed link to a file is good for (<c>FILES_ACCESS_TIMEOUT</c>).</summary>
    [Range(1, 31_536_000)]
    public int LinkSeconds { get; set; } = 300;

    public long FileSizeBytes => FileSizeMegabytes * 1024L * 1024;

    /// <summary>The largest of all limits in bytes: no form with a file needs to be longer.</summary>
    public long LargestBytes => FileKinds.All.Max(BytesFor);

    /// <summary>Bytes that a file of a kind may have.</summary>
    /// <param name="kind">A word of <see cref="FileKinds"/>.</param>
    public long BytesFor(string kind) => 1024L * 1024 * kind switch
    {
        FileKinds.Image => ImageSizeMegabytes,
        FileKinds.Audio => AudioSizeMegabytes,
        FileKinds.Video => VideoSizeMegabytes,
        _ => FileSizeMegabytes,
    };

    internal bool IsBlocked(string extension) =>
        extension.Length > 0
        && ExtensionBlocklist.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(blocked => blocked.TrimStart('.').Equals(extension, StringComparison.OrdinalIgnoreCase));
}
