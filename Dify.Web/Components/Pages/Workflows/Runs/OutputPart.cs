using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>One output of a run in the form in which it is shown: text, files, or else JSON.</summary>
/// <param name="Text">Markdown; null when it is no text.</param>
public sealed record OutputPart(string Name, string? Text, IReadOnlyList<OutputFile> Files, string Json)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="outputs">A JSON object; anything else gives no parts.</param>
    public static IReadOnlyList<OutputPart> Read(string outputs)
    {
        try
        {
            return outputs.Length > 0 && JsonNode.Parse(outputs) is JsonObject values
                ? [.. values.Select(pair => Of(pair.Key, pair.Value))]
                : [];
        }
        catch (JsonException)
        {
            // The log cut it where it was too long.
            return [];
        }
    }

    private static OutputPart Of(string name, JsonNode? value)
    {
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
        {
            return new OutputPart(name, text.GetValue<string>(), [], "");
        }

        var list = value is JsonArray { Count: > 0 } many ? [.. many] : new[] { value };
        var files = list.Select(OutputFile.Of).OfType<OutputFile>().ToList();
        return new OutputPart(name, null, files.Count == list.Length ? files : [], value?.ToJsonString(Relaxed) ?? "null");
    }
}
