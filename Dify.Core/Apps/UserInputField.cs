using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dify.Core.Apps;

/// <summary>A field of the form before a chat; on the wire a one-key object <c>{kind: {…}}</c>.</summary>
[JsonConverter(typeof(UserInputFieldConverter))]
public sealed record UserInputField(string Kind, UserInput Input);

/// <summary>The inner object of a <see cref="UserInputField"/>.</summary>
public sealed record UserInput
{
    public required string Variable { get; init; }

    public string Label { get; init; } = "";

    public bool Required { get; init; }

    public JsonElement? Default { get; init; }

    /// <summary>Characters; null: no limit.</summary>
    public int? MaxLength { get; init; }

    public IReadOnlyList<string> Options { get; init; } = [];

    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}

internal sealed class UserInputFieldConverter : JsonConverter<UserInputField>
{
    public override UserInputField Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var fields = JsonSerializer.Deserialize<Dictionary<string, UserInput>>(ref reader, options);
        return fields is { Count: 1 }
            ? new UserInputField(fields.First().Key, fields.First().Value)
            : throw new JsonException("A field of user_input_form is an object with one key, its kind.");
    }

    public override void Write(Utf8JsonWriter writer, UserInputField value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(value.Kind);
        JsonSerializer.Serialize(writer, value.Input, options);
        writer.WriteEndObject();
    }
}
