using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Calls;

/// <summary>Records every embedding call. Providers that tell no token counts are recorded with none: texts are long.</summary>
internal sealed class MeteredEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, ModelCallLog log, TimeProvider time, Guid workspaceId, ModelDescriptor model)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var meter = new CallMeter(log, time, workspaceId, model);
        try
        {
            var answer = await base.GenerateAsync(values, options, cancellationToken);
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
