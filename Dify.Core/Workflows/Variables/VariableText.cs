using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Variables;

/// <summary>Values as text. Numbers, booleans and lists have Python's forms, since prompts of existing apps rely on them.</summary>
public static class VariableText
{
    public static string Render(JsonNode? value, RenderMode mode)
    {
        switch (value)
        {
            case null:
                return "";
            case JsonArray list:
                return RenderList(list, mode);
            case JsonObject file when FileValues.IsFile(file):
                return mode == RenderMode.Markdown ? FileLink(file) : "";
            case JsonObject map:
                return PythonText.Json(map, indented: mode != RenderMode.Text);
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                return scalar.ToString();
            default:
                return PythonText.Repr(value);
        }
    }

    /// <summary>What the log shows of a secret.</summary>
    public static string Mask(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Length <= 8 ? new string('*', 20) : $"{secret[..6]}{new string('*', 12)}{secret[^2..]}";
    }

    private static string RenderList(JsonArray list, RenderMode mode)
    {
        if (list.Count == 0)
        {
            return mode == RenderMode.Log ? "[]" : "";
        }

        var type = VariableTypes.Of(list);
        if (type == VariableType.FileArray)
        {
            return mode == RenderMode.Markdown ? string.Join('\n', list.Select(file => FileLink((JsonObject)file!))) : "";
        }

        return mode switch
        {
            RenderMode.Markdown => string.Join('\n', list.Select(item => "- " + PythonText.Str(item))),
            RenderMode.Text when type == VariableType.StringArray => PythonText.Json(list, indented: false),
            _ => PythonText.Repr(list),
        };
    }

    private static string FileLink(JsonObject file)
    {
        var isImage = file["type"]?.ToString() == "image";
        var url = file["url"]?.ToString() ?? file["remote_url"]?.ToString() ?? "";
        return $"{(isImage ? "!" : "")}[{file["filename"]?.ToString() ?? ""}]({url})";
    }
}
