namespace Dify.Core.Models;

/// <summary>Parameters that many models share; a provider takes the ones its models have.</summary>
internal static class ModelParameters
{
    public static readonly ModelParameter Temperature = new(
        "temperature", "Temperature", "float", 0, 2, 0.7, "Higher values give more varied answers, lower values more predictable ones.");

    public static readonly ModelParameter TopP = new(
        "top_p", "Top P", "float", 0, 1, 1, "Only the most likely words that together reach this share are considered.");

    public static readonly ModelParameter PresencePenalty = new(
        "presence_penalty", "Presence penalty", "float", -2, 2, 0, "Positive values make the model turn to new topics.");

    public static readonly ModelParameter FrequencyPenalty = new(
        "frequency_penalty", "Frequency penalty", "float", -2, 2, 0, "Positive values make the model repeat itself less.");

    public static readonly ModelParameter ResponseFormat = new(
        "response_format", "Response format", "string", null, null, null, "The form that the answer must have.")
    {
        Options = ["text", "json_object"],
    };

    public static readonly ModelParameter Stop = new(
        "stop", "Stop sequences", "string", null, null, null, "The answer ends before one of these texts. One a line, four at most.");

    public static readonly ModelParameter Seed = new(
        "seed", "Seed", "int", 0, int.MaxValue, 0, "The same seed and settings give mostly the same answer.");

    public static readonly ModelParameter TopK = new(
        "top_k", "Top K", "int", 1, 500, 40, "Only this many of the most likely words are considered.");

    public static readonly ModelParameter ReasoningEffort = new(
        "reasoning_effort", "Reasoning effort", "string", null, null, null, "How long the model thinks before it answers.")
    {
        Options = ["minimal", "low", "medium", "high"],
    };

    public static ModelParameter MaxTokens(int limit) => new(
        "max_tokens", "Max tokens", "int", 1, limit, Math.Min(1024, limit), "The longest answer, in tokens.");

    /// <summary>What OpenAI's chat endpoint takes, and with it most servers that speak its wire.</summary>
    public static IReadOnlyList<ModelParameter> OpenAiChat(int maxTokens) =>
        [Temperature, TopP, MaxTokens(maxTokens), PresencePenalty, FrequencyPenalty, ResponseFormat, Stop, Seed];
}
