using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dify.Core.Models.Providers.OpenAiCompatible;

/// <summary>The parts of OpenAI's answers that are read; the rest is skipped.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(RerankList))]
[JsonSerializable(typeof(ModelList))]
internal sealed partial class OpenAiJson : JsonSerializerContext;

/// <summary>A whole answer or one chunk of a stream: the two differ only in <c>message</c> and <c>delta</c>.</summary>
internal sealed record ChatCompletion(
    string? Id, string? Model, List<ChatChoice>? Choices, WireUsage? Usage, JsonElement? Error);

internal sealed record ChatChoice(WireMessage? Message, WireMessage? Delta, string? FinishReason, int? Index);

/// <param name="ReasoningContent">Thoughts, as DeepSeek, vLLM and others send them.</param>
internal sealed record WireMessage(string? Content, string? Refusal, string? ReasoningContent, List<WireToolCall>? ToolCalls);

internal sealed record WireToolCall(int? Index, string? Id, WireFunction? Function);

internal sealed record WireFunction(string? Name, string? Arguments);

internal sealed record WireUsage(int? PromptTokens, int? CompletionTokens, int? TotalTokens);

internal sealed record EmbeddingList(List<WireEmbedding>? Data, WireUsage? Usage);

internal sealed record WireEmbedding(int? Index, JsonElement Embedding);

internal sealed record RerankList(List<WireRanked?>? Results, WireUsage? Usage);

internal sealed record WireRanked(int? Index, double? RelevanceScore);

internal sealed record ModelList(List<WireModel>? Data);

internal sealed record WireModel(string? Id);
