using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Nodes.DocumentExtractor;

/// <summary>Reads the text out of files: one file gives a text, a list of files a list of texts.</summary>
internal sealed class DocumentExtractorNode(IFileContents contents, DocumentTexts texts, IOptions<UploadLimits> limits) : INode
{
    /// <summary>Characters of all texts of a list.</summary>
    private const int MostText = 40_000_000;

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var selector = run.Node.Settings(static node => new Selector(NodeData.Selector(node.Data, "variable_selector"))).Parts;
        var shown = new JsonArray([.. selector.Select(part => (JsonNode)part)]);
        if (!run.Variables.TryGet(selector, out var value) || value is null)
        {
            throw new NodeFailedException($"File variable not found for selector: {PythonText.Repr(shown)}", "");
        }

        // An optional file that nobody sent may be an empty text.
        var isNothing = value is JsonValue && value.ToString().Length == 0;
        var isList = value is JsonArray || isNothing;
        var files = (isNothing ? [] : value as JsonArray ?? [value.DeepClone()]).Where(file => file is not null).ToList();
        if (!files.TrueForAll(FileValues.IsFile))
        {
            throw new NodeFailedException($"Variable {PythonText.Repr(shown)} is not an ArrayFileSegment", "");
        }

        var result = new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = new JsonObject { ["variable_selector"] = shown },
            ProcessData = new JsonObject { ["documents"] = new JsonArray([.. files.Select(file => file!.DeepClone())]) },
        };
        var read = await ReadAsync(files, run, result, stop);
        yield return NodeOutput.End(result with
        {
            Outputs = new JsonObject { ["text"] = isList ? new JsonArray([.. read.Select(text => (JsonNode)text)]) : read[0] },
        });
    }

    private async Task<List<string>> ReadAsync(List<JsonNode?> files, NodeRun run, NodeResult log, CancellationToken stop)
    {
        try
        {
            var read = new List<string>();
            foreach (var file in files)
            {
                var content = await contents.ReadAsync(run.Context, (JsonObject)file!, limits.Value.FileSizeBytes, stop);
                read.Add(texts.Read(content, stop));
                if (read.Sum(text => (long)text.Length) > MostText)
                {
                    throw new NodeFailedException("The files hold more text than a list of texts may hold. Extract fewer at a time.", "TextExtractionError");
                }
            }

            return read;
        }
        catch (DifyException problem)
        {
            throw new NodeFailedException($"Error downloading file: {problem.Message}", "FileDownloadError", problem.Code, problem)
            {
                Inputs = log.Inputs,
                ProcessData = log.ProcessData,
            };
        }
        catch (NodeFailedException problem) when (problem.Inputs.Count == 0)
        {
            throw new NodeFailedException(problem.Message, problem.Type, problem.Code, problem)
            {
                Inputs = log.Inputs,
                ProcessData = log.ProcessData,
            };
        }
    }

    private sealed record Selector(string[] Parts);
}
