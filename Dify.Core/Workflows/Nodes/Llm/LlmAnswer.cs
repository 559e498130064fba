using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Engine;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>The answer while it comes.</summary>
internal sealed class LlmAnswer(IChatClient client, LlmMessages asked, ChatOptions options, JsonObject processData)
    : IAsyncDisposable
{
    private readonly StringBuilder _text = new();
    private StringBuilder? _reasoning;
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;

    /// <summary>The newest piece.</summary>
    public string Current { get; private set; } = "";

    public string Text => _text.ToString();

    public string Reasoning => _reasoning?.ToString() ?? "";

    public UsageDetails? Usage { get; private set; }

    public string FinishReason { get; private set; } = "stop";

    /// <exception cref="NodeFailedException">The model failed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync(CancellationToken stop)
    {
        try
        {
            _updates ??= client.GetStreamingResponseAsync(asked.Messages, options, stop).GetAsyncEnumerator(stop);
            while (await _updates.MoveNextAsync())
            {
                Take(_updates.Current);
                if (Current.Length > 0)
                {
                    return true;
                }
            }

            return false;
        }
        catch (DifyException problem)
        {
            throw LlmErrors.ToFailure(problem, asked.Inputs, processData);
        }
    }

    public ValueTask DisposeAsync() => _updates?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Take(ChatResponseUpdate update)
    {
        Current = "";
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent piece:
                    Current = Current.Length == 0 ? piece.Text : Current + piece.Text;
                    break;
                case TextReasoningContent thought:
                    (_reasoning ??= new StringBuilder()).Append(thought.Text);
                    break;
                case UsageContent usage:
                    Usage = usage.Details;
                    break;
            }
        }

        _text.Append(Current);
        if (update.FinishReason is { } reason)
        {
            FinishReason = reason.Value;
        }
    }
}
