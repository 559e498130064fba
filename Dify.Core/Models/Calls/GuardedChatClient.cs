using System.Runtime.CompilerServices;
using Dify.Core.Models.Providers;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Calls;

/// <summary>Puts time limits on a provider's client and turns its failures into <see cref="ModelCallException"/>s.</summary>
internal sealed class GuardedChatClient(
    IChatClient inner, ProviderCredentials credentials, string model, ModelCallOptions options, TimeProvider time)
    : DelegatingChatClient(inner)
{
    private readonly TimeSpan _firstByte = TimeSpan.FromSeconds(options.FirstByteSeconds);
    private readonly TimeSpan _idle = TimeSpan.FromSeconds(options.IdleSeconds);
    private readonly TimeSpan _answer = TimeSpan.FromSeconds(options.AnswerSeconds);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var patience = new Patience(time, cancellationToken);
        patience.WaitAtMost(_answer);
        try
        {
            return await base.GetResponseAsync(messages, options, patience.Token);
        }
        catch (Exception failure) when (IsCallFailure(failure, patience))
        {
            throw Translate(failure);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var patience = new Patience(time, cancellationToken);
        await using var stream = base.GetStreamingResponseAsync(messages, options, patience.Token).GetAsyncEnumerator(patience.Token);
        var finished = false;
        patience.WaitAtMost(_firstByte);
        while (true)
        {
            try
            {
                if (!await stream.MoveNextAsync())
                {
                    break;
                }
            }
            catch (Exception failure) when (IsCallFailure(failure, patience))
            {
                throw Translate(failure);
            }

            // The reader may take its time; only the provider's silence counts.
            patience.Rest();
            finished |= stream.Current.FinishReason is not null;
            yield return stream.Current;
            patience.WaitAtMost(_idle);
        }

        if (!finished)
        {
            throw Translate(new ProviderCallException(ProviderFailure.CutStream, ""));
        }
    }

    private static bool IsCallFailure(Exception failure, Patience patience) =>
        failure is OperationCanceledException ? patience.IsExhausted : ProviderErrors.IsCallFailure(failure);

    private ModelCallException Translate(Exception failure) => ProviderErrors.Translate(
        failure is OperationCanceledException ? new ProviderCallException(ProviderFailure.TimedOut, "", failure) : failure, credentials, model);
}
