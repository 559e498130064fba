using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Calls;

/// <summary>Records tokens, price, times and outcome of every call.</summary>
internal sealed class MeteredChatClient(
    IChatClient inner, ModelCallLog log, TimeProvider time, Guid workspaceId, ModelDescriptor model) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var meter = new CallMeter(log, time, workspaceId, model);
        ChatResponse? response = null;
        try
        {
            response = await base.GetResponseAsync(messages, options, cancellationToken);
            meter.Usage = response.Usage;
            meter.Outcome = ModelCallOutcome.Succeeded;
            return response;
        }
        catch (Exception failure) when (meter.Saw(failure))
        {
            throw;
        }
        finally
        {
            meter.Record(() => CountPrompt(messages), () => TokenCounter.Count(response?.Text ?? ""));
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var meter = new CallMeter(log, time, workspaceId, model);
        await using var stream = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var answer = new StringBuilder();
        try
        {
            while (await MoveNextAsync(stream, meter))
            {
                var update = stream.Current;
                Note(update, meter, answer);
                yield return update;
            }

            meter.Outcome = ModelCallOutcome.Succeeded;
        }
        finally
        {
            meter.Record(() => CountPrompt(messages), () => TokenCounter.Count(answer.ToString()));
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> stream, CallMeter meter)
    {
        try
        {
            return await stream.MoveNextAsync();
        }
        catch (Exception failure) when (meter.Saw(failure))
        {
            throw;
        }
    }

    private static void Note(ChatResponseUpdate update, CallMeter meter, StringBuilder answer)
    {
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case UsageContent usage:
                    (meter.Usage ??= new UsageDetails()).Add(usage.Details);
                    break;
                case TextContent text:
                    meter.SawFirstToken();
                    answer.Append(text.Text);
                    break;
                default:
                    meter.SawFirstToken();
                    break;
            }
        }
    }

    private static int CountPrompt(IEnumerable<ChatMessage> messages) => messages.Sum(message => TokenCounter.Count(message.Text));
}
