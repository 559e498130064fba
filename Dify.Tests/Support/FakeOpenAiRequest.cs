using System.Text.Json.Nodes;

namespace Dify.Tests.Support;

/// <summary>What the fake server was asked.</summary>
internal sealed record FakeOpenAiRequest(string Path, JsonObject? Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Model => (string?)Body?["model"] ?? "";

    public bool IsStream => (bool?)Body?["stream"] ?? false;

    /// <summary>Text of the last message of a role, or empty.</summary>
    public string LastText(string role) => Body?["messages"] is JsonArray messages
        ? messages.LastOrDefault(m => (string?)m?["role"] == role)?["content"]?.ToString() ?? ""
        : "";
}
