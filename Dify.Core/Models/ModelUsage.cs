using System.Text.Json.Serialization;

namespace Dify.Core.Models;

/// <summary>Cost of one call, in the shape of Dify's <c>usage</c>. Prices are in units of <see cref="Currency"/>.</summary>
/// <param name="PromptUnitPrice">Price of a million tokens times <paramref name="PromptPriceUnit"/> is the price of one.</param>
/// <param name="Latency">Seconds from the request to the last token.</param>
public sealed record ModelUsage(
    int PromptTokens, decimal PromptUnitPrice, decimal PromptPriceUnit, decimal PromptPrice,
    int CompletionTokens, decimal CompletionUnitPrice, decimal CompletionPriceUnit, decimal CompletionPrice,
    int TotalTokens, decimal TotalPrice, string Currency, double Latency)
{
    private const decimal PerMillion = 0.000001m;

    /// <summary>Seconds until the first piece of a streamed answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TimeToFirstToken { get; init; }

    /// <summary>Seconds from the first piece of a streamed answer to the last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TimeToGenerate { get; init; }

    public static ModelUsage None { get; } = new(0, 0, 0.001m, 0, 0, 0, 0.001m, 0, 0, 0, "USD", 0);

    /// <summary>Prices rounded to seven places, as Dify does.</summary>
    public static ModelUsage Create(ModelDescriptor model, int promptTokens, int completionTokens, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(model);
        var promptPrice = Round(promptTokens * model.InputPrice);
        var completionPrice = Round(completionTokens * model.OutputPrice);
        return new ModelUsage(
            promptTokens, model.InputPrice / PerMillion, PerMillion, promptPrice,
            completionTokens, model.OutputPrice / PerMillion, PerMillion, completionPrice,
            promptTokens + completionTokens, promptPrice + completionPrice, model.Currency, elapsed.TotalSeconds);
    }

    private static decimal Round(decimal price) => Math.Round(price, 7, MidpointRounding.ToPositiveInfinity);
}
