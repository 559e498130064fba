using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Chat;

/// <summary>Gathers the answer of one chatflow run from its events, those of earlier lives included.</summary>
internal sealed class ChatflowAnswer(Message message, RunnableWorkflow workflow)
{
    private readonly StringBuilder _text = new();
    private readonly AnswerFindings _findings = new();
    private readonly bool _cites = workflow.Features["retriever_resource"] is JsonObject feature && NodeData.Flag(feature, "enabled");
    private char? _half;

    public Message Message => message;

    public RunnableWorkflow Workflow => workflow;

    /// <returns>A piece of text to be told, or null.</returns>
    public string? Observe(GraphEvent happened)
    {
        switch (happened)
        {
            case NodeRunStreamChunk { Chunk.Length: > 0 } chunk:
                var text = Whole(chunk.Chunk);
                _text.Append(text);
                return text.Length == 0 || happened.IsReplayed ? null : text;
            case NodeRunRetrieverResource found when _cites:
                _findings.Add(found.Resources);
                break;
            case NodeRunSucceeded node:
                _findings.Add(node);
                if (_cites && node is { IsReplayed: true, NodeType: NodeTypes.KnowledgeRetrieval } && node.Result.Outputs["result"] is JsonArray passages)
                {
                    // Nodes that a passage was told by are not run again.
                    _findings.Add([.. passages.OfType<JsonObject>()]);
                }

                break;
            case GraphRunSucceeded:
                message.Status = MessageStatus.Normal;
                break;
            case GraphRunPaused:
                message.Status = MessageStatus.Paused;
                break;
            case GraphRunFailed failed:
                Fail(failed.ErrorCode ?? ErrorCodes.InternalServerError, failed.Error);
                break;
            case GraphRunAborted aborted:
                Fail(ErrorCodes.InternalServerError, $"The answer was ended: {aborted.Reason}");
                break;
        }

        return null;
    }

    public void Fail(string code, string error)
    {
        message.Status = MessageStatus.Error;
        message.ErrorCode = code;
        message.Error = PlainText.Clean(error);
    }

    public void Stop()
    {
        message.Status = MessageStatus.Stopped;
        (message.Error, message.ErrorCode) = (null, null);
    }

    /// <summary>Puts what has come into the message.</summary>
    public void Finish(DateTimeOffset now)
    {
        message.Answer = _text.ToString();
        message.Usage = _findings.Usage;
        message.Citations = _findings.Citations;
        message.FinishedAt = message.Status == MessageStatus.Paused ? null : now;
    }

    /// <summary>A letter may come in two halves of a surrogate pair; the first waits for the second.</summary>
    private string Whole(string chunk)
    {
        if (_half is { } half)
        {
            chunk = half + chunk;
            _half = null;
        }

        if (char.IsHighSurrogate(chunk[^1]))
        {
            _half = chunk[^1];
            chunk = chunk[..^1];
        }

        return PlainText.Clean(chunk);
    }
}
