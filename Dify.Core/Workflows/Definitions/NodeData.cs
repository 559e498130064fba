using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Definitions;

/// <summary>Lenient reading of node data: numbers may be texts, and missing keys have defaults.</summary>
internal static class NodeData
{
    public static string? Text(JsonObject data, string key) =>
        data.TryGetPropertyValue(key, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : null;

    public static bool Flag(JsonObject data, string key, bool fallback = false) =>
        data.TryGetPropertyValue(key, out var node) && node is JsonValue value
            ? value.GetValueKind() switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.String => string.Equals(value.GetValue<string>(), "true", StringComparison.OrdinalIgnoreCase),
                _ => fallback,
            }
            : fallback;

    public static double? Number(JsonObject data, string key) =>
        data.TryGetPropertyValue(key, out var node) && node is JsonValue value
        && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static JsonObject? Object(JsonObject data, string key) =>
        data.TryGetPropertyValue(key, out var node) ? node as JsonObject : null;

    public static JsonArray? List(JsonObject data, string key) =>
        data.TryGetPropertyValue(key, out var node) ? node as JsonArray : null;

    /// <summary>A list of strings, else empty.</summary>
    public static string[] Selector(JsonObject data, string key) =>
        List(data, key) is { } list ? Strings(list) : [];

    public static string[] Strings(JsonArray list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return [.. list.OfType<JsonValue>().Select(part => part.ToString())];
    }

    internal static ErrorStrategy StrategyOf(JsonObject data) => Text(data, "error_strategy") switch
    {
        "fail-branch" => ErrorStrategy.FailBranch,
        "default-value" => ErrorStrategy.DefaultValue,
        _ => ErrorStrategy.None,
    };

    internal static RetryRule RetryOf(JsonObject data)
    {
        if (Object(data, "retry_config") is not { } config || !Flag(config, "retry_enabled"))
        {
            return RetryRule.Never;
        }

        var times = Math.Clamp(Number(config, "max_retries") ?? 0, 0, 10);
        var wait = Math.Clamp(Number(config, "retry_interval") ?? 0, 0, 60_000);
        return new RetryRule((int)times, TimeSpan.FromMilliseconds(wait));
    }
}
