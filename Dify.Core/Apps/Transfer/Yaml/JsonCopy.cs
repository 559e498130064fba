using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Yaml;

/// <summary>JSON as objects of their own within a <see cref="ReadingBudget"/>; of two equal keys the later one wins.</summary>
internal sealed class JsonCopy(ReadingBudget budget)
{
    public JsonNode? Copy(JsonElement element)
    {
        budget.Spend(element.ValueKind is JsonValueKind.String or JsonValueKind.Number ? element.GetRawText().Length : 0);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    copy[property.Name] = Copy(property.Value);
                }

                return copy;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            case JsonValueKind.Number:
                return YamlScalars.Number(element.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(element.GetBoolean());
            default:
                return null;
        }
    }
}
