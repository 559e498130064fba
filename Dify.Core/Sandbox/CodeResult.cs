using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dify.Core.Sandbox;

/// <summary>Reads what <c>main</c> returned. As in Dify, texts such as <c>1e-7</c> become numbers.</summary>
internal static partial class CodeResult
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    /// <exception cref="CodeFailedException">Not an object, or no JSON.</exception>
    public static JsonObject Parse(ReadOnlyMemory<char> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Deep);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ReadObject(document.RootElement)
                : throw new CodeFailedException($"Result must be a dict, got {PythonName(document.RootElement)}");
        }
        catch (JsonException problem)
        {
            throw new CodeFailedException("The result of main is no JSON object, or is nested more than 512 levels deep.", problem);
        }
        catch (InvalidOperationException problem)
        {
            throw new CodeFailedException("The result of main holds text that is not valid Unicode (half a surrogate pair).", problem);
        }
    }

    private static JsonNode? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ReadObject(value),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Read)]),
        JsonValueKind.String => ReadText(value.GetString()!),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value.Clone()),
    };

    // Python keeps the last of two equal keys.
    private static JsonObject ReadObject(JsonElement value)
    {
        var result = new JsonObject();
        foreach (var property in value.EnumerateObject())
        {
            result[property.Name] = Read(property.Value);
        }

        return result;
    }

    private static JsonValue ReadText(string text) =>
        text.Length is > 0 and < 64 && Scientific().IsMatch(text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);

    private static string PythonName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "int" : "float",
        _ => "NoneType",
    };

    [GeneratedRegex(@"\A-?[0-9]+\.?[0-9]*[eE][+-][0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Scientific();
}
