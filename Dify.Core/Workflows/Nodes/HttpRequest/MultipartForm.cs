using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>A <c>multipart/form-data</c> body; names and file names cannot break out of their part.</summary>
internal static class MultipartForm
{
    /// <summary>Dify's part that keeps a form without files a multipart form.</summary>
    private const string Placeholder = "__multipart_placeholder__";

    public static async ValueTask<RequestBody> MakeAsync(
        IReadOnlyList<HttpBodyItem> items, NodeRun run, IFileContents contents, UploadLimits limits, CancellationToken stop)
    {
        var boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        using var form = new MemoryStream();
        var log = new StringBuilder();
        var fields = new OrderedDictionary<string, string>();
        foreach (var item in items.Where(item => !item.IsFile))
        {
            fields[item.Key.Render(run.Variables)] = item.Value.Render(run.Variables);
        }

        foreach (var (name, value) in fields)
        {
            Write(form, $"--{boundary}\r\nContent-Disposition: form-data; name=\"{Quote(name)}\"\r\n\r\n{value}\r\n");
            log.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Disposition: form-data; name=\"{Quote(name)}\"\r\n\r\n{value}\r\n");
        }

        var files = 0;
        foreach (var item in items.Where(item => item.IsFile))
        {
            var name = Quote(item.Key.Render(run.Variables));
            foreach (var value in FilesOf(item.FileSelector, run.Variables))
            {
                var file = await RequestBody.ReadAsync(value, run, contents, limits.LargestBytes, stop);
                if (form.Length + file.Bytes.Length > limits.LargestBytes + (1024 * 1024))
                {
                    throw HttpErrors.File("The files of this request are too large together. Send fewer or smaller ones.");
                }

                var head = $"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{Quote(file.Name)}\"\r\n";
                Write(form, $"{head}Content-Type: {file.MimeType}\r\n\r\n");
                form.Write(file.Bytes.Span);
                Write(form, "\r\n");
                log.Append(CultureInfo.InvariantCulture, $"{head}\r\n<file_content_binary: '{file.Name}', type='{file.MimeType}', size={file.Bytes.Length} bytes>\r\n");
                files++;
            }
        }

        if (files == 0)
        {
            Write(form, $"--{boundary}\r\nContent-Disposition: form-data; name=\"{Placeholder}\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n");
        }

        Write(form, $"--{boundary}--\r\n");
        log.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
        return RequestBody.OfForm(form.ToArray(), boundary, log.ToString());
    }

    private static IEnumerable<JsonObject> FilesOf(string[] selector, VariablePool variables)
    {
        variables.TryGet(selector, out var value);
        return FileValues.IsFile(value) ? [(JsonObject)value!]
            : value is JsonArray list && list.Count > 0 && list.All(FileValues.IsFile) ? list.OfType<JsonObject>()
            : [];
    }

    /// <summary>As browsers write names in forms.</summary>
    private static string Quote(string name) => name
        .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal);

    private static void Write(MemoryStream form, string text) => form.Write(Encoding.UTF8.GetBytes(text));
}
