using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Apps;

/// <summary>Reads a <c>model_config</c> as Dify's clients send it, where nothing and empty mean the default.</summary>
public static class ModelConfigJson
{
    /// <exception cref="DifyException"><c>invalid_param</c> that names the place.</exception>
    public static AppModelConfig Read(JsonObject json)
    {
        var said = new JsonObject();
        foreach (var (name, value) in json)
        {
            if (!IsEmpty(value))
            {
                said[name] = value!.DeepClone();
            }
        }

        DropEmpty(said["model"], "completion_params");
        DropEmpty(said["dataset_configs"], "datasets", "top_k");
        DropEmpty((said["dataset_configs"] as JsonObject)?["datasets"], "datasets");
        foreach (var field in said["user_input_form"] as JsonArray ?? [])
        {
            foreach (var (_, inner) in field as JsonObject ?? [])
            {
                DropEmpty(inner, "options", "label", "max_length", "required");
            }
        }

        try
        {
            return said.Deserialize<AppModelConfig>(JsonDefaults.Wire)!;
        }
        catch (JsonException exception)
        {
            throw DifyException.Invalid($"The configuration is not readable at '{exception.Path}'.");
        }
    }

    private static void DropEmpty(JsonNode? node, params ReadOnlySpan<string> names)
    {
        if (node is JsonObject owner)
        {
            foreach (var name in names)
            {
                if (owner.TryGetPropertyValue(name, out var value) && IsEmpty(value))
                {
                    owner.Remove(name);
                }
            }
        }
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject nested => nested.Count == 0,
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() == JsonValueKind.String && value.ToString().Length == 0,
    };
}
