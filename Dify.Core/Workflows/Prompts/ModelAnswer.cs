using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Engine;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Prompts;

/// <summary>A model's answer while it comes.</summary>
internal sealed class ModelAnswer(
    IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, JsonObject inputs, JsonObject processData)
    : IAsyncDisposable
{
    /// <summary>A model that never ends must not fill the memory.</summary>
    private const int MostCharacters = 4_000_000;

    private readonly StringBuilder _text = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private StringBuilder? _reasoning;
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private TimeSpan? _firstToken;

    /// <summary>The newest piece of the text; may be empty when there is a new thought.</summary>
    public string Current { get; private set; } = "";

    /// <summary>The newest piece of what the model thought, where it tells that apart from the text.</summary>
    public string CurrentThought { get; private set; } = "";

    public string Text => _text.ToString();

    public string Reasoning => _reasoning?.ToString() ?? "";

    public UsageDetails? Usage { get; private set; }

    public string FinishReason { get; private set; } = "stop";

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Until the first piece; null while there is none.</summary>
    public TimeSpan? FirstToken => _firstToken;

    /// <summary>Waits for the next piece that is not empty.</summary>
    /// <exception cref="NodeFailedException">The model failed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync(CancellationToken stop)
    {
        try
        {
            _updates ??= client.GetStreamingResponseAsync(messages, options, stop).GetAsyncEnumerator(stop);
            while (await _updates.MoveNextAsync())
            {
                Take(_updates.Current);
                if (Current.Length > 0 || CurrentThought.Length > 0)
                {
                    return true;
                }
            }

            return false;
        }
        catch (DifyException problem)
        {
            throw ModelFailures.ToFailure(problem, inputs, processData);
        }
    }

    /// <summary>Waits for the whole answer.</summary>
    /// <exception cref="NodeFailedException">The model failed.</exception>
    public async ValueTask ReadToEndAsync(CancellationToken stop)
    {
        while (await MoveNextAsync(stop))
        {
        }
    }

    public ValueTask DisposeAsync() => _updates?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Take(ChatResponseUpdate update)
    {
        Current = "";
        CurrentThought = "";
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent piece:
                    Current = Current.Length == 0 ? piece.Text : Current + piece.Text;
                    break;
                case TextReasoningContent thought:
                    CurrentThought += thought.Text;
                    break;
                case UsageContent usage:
                    Usage = usage.Details;
                    break;
            }
        }

        if (Current.Length > 0 || CurrentThought.Length > 0)
        {
            _firstToken ??= Elapsed;
        }

        _text.Append(Current);
        if (CurrentThought.Length > 0)
        {
            (_reasoning ??= new StringBuilder()).Append(CurrentThought);
        }

        if (_text.Length + (_reasoning?.Length ?? 0) > MostCharacters)
        {
            throw new NodeFailedException(
                $"The model's answer is longer than {MostCharacters} characters. Set a lower 'max tokens' in the node.", "InvokeBadRequestError")
            { Inputs = inputs, ProcessData = processData };
        }

        if (update.FinishReason is { } reason)
        {
            FinishReason = reason.Value;
        }
    }
}
