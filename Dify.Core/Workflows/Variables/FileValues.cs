using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Variables;

/// <summary>Files are objects with a mark, as in Dify's own stored values.</summary>
public static class FileValues
{
    public const string MarkName = "dify_model_identity";
    public const string Mark = "__dify__file__";

    public static bool IsFile(JsonNode? value) =>
        value is JsonObject candidate && candidate.TryGetPropertyValue(MarkName, out var mark)
        && mark is JsonValue text && text.TryGetValue<string>(out var identity) && identity == Mark;

    /// <summary>A key of an object, or an attribute of a file.</summary>
    internal static bool TryWalk(JsonObject parent, string name, out JsonNode? value)
    {
        if (!IsFile(parent))
        {
            return parent.TryGetPropertyValue(name, out value);
        }

        var key = name switch
        {
            "name" => "filename",
            "type" or "size" or "mime_type" or "transfer_method" or "url" or "extension" or "related_id" => name,
            _ => null,
        };
        value = key is null ? null : parent[key];
        return key is not null;
    }
}
