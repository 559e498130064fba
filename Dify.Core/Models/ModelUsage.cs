namespace Dify.Core.Models;

/// <summary>Cost of one call, in the shape of Dify's <c>usage</c>. Prices are in units of <see cref="Currency"/>.</summary>
/// <param name="Latency">Seconds from the request to the last token.</param>
public sealed record ModelUsage(
    int PromptTokens, decimal PromptUnitPrice, decimal PromptPriceUnit, decimal PromptPrice,
    int CompletionTokens, decimal CompletionUnitPrice, decimal CompletionPriceUnit, decimal CompletionPrice,
    int TotalTokens, decimal TotalPrice, string Currency, double Latency)
{
    public static ModelUsage None { get; } = new(0, 0, 0.001m, 0, 0, 0, 0.001m, 0, 0, 0, "USD", 0);
}
