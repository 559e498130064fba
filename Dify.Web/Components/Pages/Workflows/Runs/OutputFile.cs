using System.Text.Json.Nodes;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>A file in what a run took or gave.</summary>
/// <param name="Address">Where a browser gets it; null when nowhere.</param>
/// <param name="IsImage">It can be shown.</param>
public sealed record OutputFile(string Name, string? Address, long Size, bool IsImage)
{
    /// <summary>Null when the value is no file.</summary>
    public static OutputFile? Of(JsonNode? value)
    {
        if (value is not JsonObject file || file["dify_model_identity"]?.ToString() != "__dify__file__")
        {
            return null;
        }

        var address = file["url"]?.ToString() ?? file["remote_url"]?.ToString();
        var safe = address is { Length: > 0 } && (address[0] == '/' || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        return new OutputFile(
            file["filename"]?.ToString() ?? "?", safe ? address : null, file["size"] is JsonValue size && size.TryGetValue<long>(out var bytes) ? bytes : 0,
            file["type"]?.ToString() == "image");
    }
}
