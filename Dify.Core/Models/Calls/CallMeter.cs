using Dify.Core.Common;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Calls;

/// <summary>Measures one call of a model and hands the result to the log.</summary>
internal sealed class CallMeter(ModelCallLog log, TimeProvider time, Guid workspaceId, ModelDescriptor model)
{
    private readonly long _start = time.GetTimestamp();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private TimeSpan? _firstToken;

    public UsageDetails? Usage { get; set; }

    /// <summary>Stopped until said otherwise: a stream that nobody reads to its end was stopped.</summary>
    public ModelCallOutcome Outcome { get; set; } = ModelCallOutcome.Stopped;

    public string? ErrorCode { get; private set; }

    public void SawFirstToken() => _firstToken ??= time.GetElapsedTime(_start);

    /// <summary>For exception filters: notes the failure and lets it pass.</summary>
    public bool Saw(Exception failure)
    {
        if (failure is not OperationCanceledException)
        {
            Outcome = ModelCallOutcome.Failed;
            ErrorCode = (failure as DifyException)?.Code ?? ErrorCodes.InternalServerError;
        }

        return false;
    }

    /// <param name="promptEstimate">Tokens to count when the provider told none.</param>
    public void Record(Func<int>? promptEstimate, Func<int>? answerEstimate)
    {
        var prompt = (int)(Usage?.InputTokenCount ?? promptEstimate?.Invoke() ?? 0);
        var answer = (int)(Usage?.OutputTokenCount ?? answerEstimate?.Invoke() ?? 0);
        log.Add(new ModelCall
        {
            WorkspaceId = workspaceId,
            Provider = model.Reference.Provider,
            Model = model.Reference.Name,
            Type = model.Type,
            StartedAt = _startedAt,
            PromptTokens = prompt,
            CompletionTokens = answer,
            Price = (prompt * model.InputPrice) + (answer * model.OutputPrice),
            Currency = model.Currency,
            LatencyMs = time.GetElapsedTime(_start).TotalMilliseconds,
            FirstTokenMs = _firstToken?.TotalMilliseconds,
            Outcome = Outcome,
            ErrorCode = ErrorCode,
        });
    }
}
