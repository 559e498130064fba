using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Files;

/// <summary>Reads what file values stand for.</summary>
public interface IFileContents
{
    /// <summary>
    /// The bytes of a file value: a stored file of the run's workspace that belongs to the run's user, or what its
    /// address gives, fetched through the egress guard.
    /// </summary>
    /// <param name="run">Whose run it is; another's file is not found.</param>
    /// <param name="file">A value with the mark of <see cref="Variables.FileValues"/>. It may come from anywhere, so nothing in it is believed.</param>
    /// <param name="maxBytes">The file's limit in bytes.</param>
    /// <exception cref="DifyException">
    /// 404 <c>file_not_found</c>; 413 <c>file_too_large</c>; <c>egress_blocked</c>; 400 <c>invalid_param</c> for a value that names no file.
    /// </exception>
    ValueTask<FileContent> ReadAsync(RunContext run, JsonObject file, long maxBytes, CancellationToken cancellationToken);
}
