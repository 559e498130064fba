using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>Sends a request to a web server and gives its answer, as text or as a file.</summary>
internal sealed class HttpRequestNode(
    HttpCaller caller, IFileContents contents, ProducedFiles produced, IOptions<UploadLimits> limits) : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(HttpRequestSettings.Read);
        yield return NodeOutput.End(await WorkAsync(settings, run, stop));
    }

    private async Task<NodeResult> WorkAsync(HttpRequestSettings settings, NodeRun run, CancellationToken stop)
    {
        string? log = null;
        try
        {
            PreparedRequest.CheckedUrl(settings, run.Variables);
            var body = await RequestBody.MakeAsync(settings, run, contents, limits.Value, stop);
            var request = PreparedRequest.Make(settings, run.Variables, body);
            log = RequestLog.Write(request, settings, run.Variables);
            var answer = await caller.CallAsync(request, settings, stop);
            return await ToResultAsync(answer, request, settings, run, log, stop);
        }
        catch (NodeFailedException failure)
        {
            throw HttpErrors.With(failure, log);
        }
    }

    private async Task<NodeResult> ToResultAsync(
        HttpAnswer answer, PreparedRequest request, HttpRequestSettings settings, NodeRun run, string log, CancellationToken stop)
    {
        var files = new JsonArray();
        var isFile = answer.IsFile;
        if (isFile)
        {
            var (name, mimeType) = answer.Describe(request.Address);
            files.Add(await produced.SaveAsync(run.Context, name, mimeType, answer.Bytes, stop));
        }

        var failed = !answer.IsSuccess && settings.FailsOnStatus;
        return new NodeResult
        {
            Status = failed ? NodeStatus.Failed : NodeStatus.Succeeded,
            Error = failed ? $"Request failed with status code {answer.Status}" : null,
            ErrorType = failed ? "HTTPResponseCodeError" : null,
            ProcessData = new JsonObject { ["request"] = log },
            Outputs = new JsonObject
            {
                ["status_code"] = answer.Status,
                ["body"] = isFile ? "" : answer.Text,
                ["headers"] = answer.Headers,
                ["files"] = files,
            },
        };
    }
}
