using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models;

/// <summary>Reads Dify's <c>completion_params</c>, which come from imported files and API callers, leniently.</summary>
internal static class CompletionParams
{
    public static ChatOptions ToOptions(ModelDescriptor model, JsonObject? completionParams)
    {
        var options = new ChatOptions { ModelId = model.Reference.Name };
        foreach (var (name, node) in completionParams ?? [])
        {
            if (node is null)
            {
                continue;
            }

            var number = Number(node);
            switch (name)
            {
                case "temperature" when number is { } value:
                    options.Temperature = Within(model, name, value);
                    break;
                case "top_p" when number is { } value:
                    options.TopP = Within(model, name, value);
                    break;
                case "top_k" when number is { } value:
                    options.TopK = (int)value;
                    break;
                case "max_tokens" or "num_predict" when number is { } value:
                    options.MaxOutputTokens = value > 0 ? (int)Math.Min(value, int.MaxValue) : null;
                    break;
                case "presence_penalty" when number is { } value:
                    options.PresencePenalty = Within(model, name, value);
                    break;
                case "frequency_penalty" when number is { } value:
                    options.FrequencyPenalty = Within(model, name, value);
                    break;
                case "seed" when number is { } value:
                    options.Seed = (long)value;
                    break;
                case "stop":
                    options.StopSequences = Stops(node);
                    break;
                case "response_format":
                    options.ResponseFormat = Format(node, completionParams!);
                    break;
                case "json_schema" or "enable_stream":
                    break;
                default:
                    (options.AdditionalProperties ??= [])[name] = node.DeepClone();
                    break;
            }
        }

        return options;
    }

    private static double? Number(JsonNode node) => node switch
    {
        JsonValue value when value.TryGetValue<double>(out var number) => number,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.Deserialize<double>(),
        JsonValue value when value.TryGetValue<string>(out var text)
            && double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>The value within the model's range; null when the model is known not to have this parameter.</summary>
    private static float? Within(ModelDescriptor model, string name, double value)
    {
        foreach (var parameter in model.Parameters)
        {
            if (parameter.Name == name)
            {
                return (float)Math.Clamp(value, parameter.Min ?? double.MinValue, parameter.Max ?? double.MaxValue);
            }
        }

        return model.Parameters.Count == 0 ? (float)value : null;
    }

    private static List<string>? Stops(JsonNode node)
    {
        IEnumerable<string?> texts = node is JsonArray array
            ? array.Select(item => item?.GetValueKind() == JsonValueKind.String ? item.GetValue<string>() : null)
            : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>().Split('\n') : [];
        var stops = texts.Where(text => !string.IsNullOrEmpty(text)).Select(text => text!).Take(4).ToList();
        return stops.Count > 0 ? stops : null;
    }

    private static ChatResponseFormatJson? Format(JsonNode node, JsonObject all)
    {
        var kind = node is JsonObject named ? (string?)named["type"] : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
        switch (kind)
        {
            case "json_object" or "json":
                return ChatResponseFormat.Json;
            case "json_schema":
                var schema = Schema(node as JsonObject ?? all);
                return schema is null ? ChatResponseFormat.Json : schema;
            default:
                return null;
        }
    }

    /// <summary>Dify keeps the schema as text or object, bare or wrapped in <c>{name, schema}</c>.</summary>
    private static ChatResponseFormatJson? Schema(JsonObject holder)
    {
        try
        {
            var node = holder["json_schema"];
            if (node?.GetValueKind() == JsonValueKind.String)
            {
                node = JsonNode.Parse(node.GetValue<string>());
            }

            if (node is not JsonObject schema)
            {
                return null;
            }

            var inner = schema["schema"] as JsonObject ?? schema;
            return ChatResponseFormat.ForJsonSchema(
                JsonSerializer.SerializeToElement(inner), (string?)schema["name"] ?? "answer", (string?)schema["description"]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
