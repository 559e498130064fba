using System.Buffers;
using System.Text.Json;
using Dify.Core.Models.Calls;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.OpenAiCompatible;

/// <summary>
/// A client of the rerank endpoint that Jina, Cohere (v2), vLLM, Xinference, llama.cpp and others share. Some servers
/// send what the model computed instead of a share of 1; such an answer is brought to 0..1 as a whole.
/// </summary>
internal sealed class WireReranker(OpenAiWire wire, string model) : IReranker
{
    public async Task<Ranking> RankAsync(string question, IReadOnlyList<string> texts, int count, CancellationToken cancellationToken = default)
    {
        var answer = await wire.PostRerankAsync(Write(question, texts, count), OpenAiJson.Default.RerankList, cancellationToken);
        if (answer.Results is not { } results || results.Count > texts.Count)
        {
            throw new ProviderCallException(ProviderFailure.Malformed, "");
        }

        // Servers that do not know top_n send all.
        var ranked = Scaled([.. results.Select(Read)]).OrderByDescending(text => text.Score).ThenBy(text => text.Index).Take(count);
        return new Ranking([.. ranked], answer.Usage is not { } usage ? null : new UsageDetails
        {
            InputTokenCount = usage.PromptTokens ?? usage.TotalTokens,
            OutputTokenCount = 0,
        });
    }

    private static RankedText Read(WireRanked? result) =>
        result is { Index: { } index, RelevanceScore: { } score } && double.IsFinite(score)
            ? new RankedText(index, score)
            : throw new ProviderCallException(ProviderFailure.Malformed, "");

    private static IEnumerable<RankedText> Scaled(List<RankedText> ranked) => ranked.TrueForAll(text => text.Score is >= 0 and <= 1)
        ? ranked
        : ranked.Select(text => text with { Score = 1 / (1 + Math.Exp(-text.Score)) });

    private ReadOnlyMemory<byte> Write(string question, IReadOnlyList<string> texts, int count)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteString("query"u8, question);
            json.WriteStartArray("documents"u8);
            foreach (var text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
            json.WriteNumber("top_n"u8, Math.Min(count, texts.Count));
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
