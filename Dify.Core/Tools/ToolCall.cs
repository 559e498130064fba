using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Tools;

/// <summary>Who calls a tool, and with what.</summary>
/// <param name="UserId">End user or member, as text.</param>
public sealed record ToolCall(Guid WorkspaceId, string UserId, JsonObject Parameters)
{
    /// <summary>A parameter as text; empty when it was not given.</summary>
    public string Text(string name) => Parameters[name] switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    /// <summary>A number parameter; null when it was not given or is no number.</summary>
    public double? Number(string name) =>
        Parameters[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && double.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public bool Flag(string name) => Parameters[name]?.GetValueKind() == JsonValueKind.True;
}
