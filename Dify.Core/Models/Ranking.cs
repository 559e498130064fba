using Microsoft.Extensions.AI;

namespace Dify.Core.Models;

/// <summary>The answer of a rerank model.</summary>
/// <param name="Usage">Null when the provider tells none.</param>
public sealed record Ranking(IReadOnlyList<RankedText> Texts, UsageDetails? Usage);

/// <param name="Index">Place of the text among those that were given, from 0.</param>
/// <param name="Score">0 to 1.</param>
public sealed record RankedText(int Index, double Score);
