using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Json;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>What a request carries, and how the log shows it.</summary>
internal sealed class RequestBody
{
    private byte[]? _bytes;

    /// <summary>Set unless the author names another; null: no body.</summary>
    public string? ContentType { get; private init; }

    /// <summary>The boundary of a form must stand in the header, so what the author says of the type is dropped.</summary>
    public bool ReplacesContentType { get; private init; }

    /// <summary>Without the bytes of files.</summary>
    public string Log { get; private init; } = "";

    public HttpContent? ToContent() => _bytes is null ? null : new ByteArrayContent(_bytes);

    /// <exception cref="NodeFailedException">The body cannot be made.</exception>
    public static async ValueTask<RequestBody> MakeAsync(
        HttpRequestSettings settings, NodeRun run, IFileContents contents, UploadLimits limits, CancellationToken stop)
    {
        var items = settings.Body;
        switch (settings.BodyType)
        {
            case "raw-text":
                return OfText(Single(items, "raw-text").Value.Render(run.Variables), "text/plain");
            case "json":
                return OfJson(Single(items, "json").Value.Render(run.Variables));
            case "x-www-form-urlencoded":
                var fields = new OrderedDictionary<string, string>();
                foreach (var item in items)
                {
                    fields[item.Key.Render(run.Variables)] = item.Value.Render(run.Variables);
                }

                return OfText(
                    string.Join('&', fields.Select(field => $"{Escape(field.Key)}={Escape(field.Value)}")), "application/x-www-form-urlencoded");
            case "binary":
                return await OfFileAsync(Single(items, "binary"), run, contents, limits, stop);
            case "form-data":
                return await MultipartForm.MakeAsync(items, run, contents, limits, stop);
            default:
                return new RequestBody();
        }
    }

    public static RequestBody OfForm(byte[] bytes, string boundary, string log) => new()
    {
        _bytes = bytes,
        ContentType = $"multipart/form-data; boundary={boundary}",
        ReplacesContentType = true,
        Log = log,
    };

    /// <summary>The file of a value, in the node's words when it cannot be had.</summary>
    public static async ValueTask<FileContent> ReadAsync(
        JsonObject file, NodeRun run, IFileContents contents, long maxBytes, CancellationToken stop)
    {
        try
        {
            return await contents.ReadAsync(run.Context, file, maxBytes, stop);
        }
        catch (DifyException problem)
        {
            throw HttpErrors.File(problem.Message, problem.Code);
        }
    }

    private static RequestBody OfText(string text, string type) => new()
    {
        _bytes = text.Length == 0 ? null : Encoding.UTF8.GetBytes(text),
        ContentType = type,
        Log = text,
    };

    private static RequestBody OfJson(string text) => JsonRepair.TryParse(text, out var json)
        ? new RequestBody
        {
            _bytes = Encoding.UTF8.GetBytes(json is null ? "null" : json.ToJsonString(JsonDefaults.Wire)),
            ContentType = "application/json",
            Log = PythonText.Json(json, indented: false),
        }
        : throw HttpErrors.Body($"Failed to parse JSON: {text}");

    private static async ValueTask<RequestBody> OfFileAsync(
        HttpBodyItem item, NodeRun run, IFileContents contents, UploadLimits limits, CancellationToken stop)
    {
        if (!run.Variables.TryGet(item.FileSelector, out var value) || !FileValues.IsFile(value))
        {
            var selector = PythonText.Repr(new JsonArray([.. item.FileSelector.Select(part => (JsonNode)part)]));
            throw HttpErrors.File($"cannot fetch file with selector {selector}");
        }

        var file = await ReadAsync((JsonObject)value!, run, contents, limits.LargestBytes, stop);
        return new RequestBody { _bytes = file.Bytes.ToArray(), Log = $"<binary_content: size={file.Bytes.Length} bytes>" };
    }

    private static HttpBodyItem Single(IReadOnlyList<HttpBodyItem> items, string type) =>
        items.Count == 1 ? items[0] : throw HttpErrors.Body($"{type} body type should have exactly one item");

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
