namespace Dify.Core.Models.Calls;

/// <summary>Records every rerank call. Providers that tell no token counts are recorded with none: texts are long.</summary>
internal sealed class MeteredReranker(
    IReranker inner, ModelCallLog log, TimeProvider time, Guid workspaceId, ModelDescriptor model) : IReranker
{
    public async Task<Ranking> RankAsync(string question, IReadOnlyList<string> texts, int count, CancellationToken cancellationToken = default)
    {
        var meter = new CallMeter(log, time, workspaceId, model);
        try
        {
            var answer = await inner.RankAsync(question, texts, count, cancellationToken);
            meter.Usage = answer.Usage;
            meter.Outcome = ModelCallOutcome.Succeeded;
            return answer;
        }
        catch (Exception failure) when (meter.Saw(failure))
        {
            throw;
        }
        finally
        {
            meter.Record(null, null);
        }
    }
}
