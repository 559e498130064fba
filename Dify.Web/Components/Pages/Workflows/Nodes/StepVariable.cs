using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>A variable that a node needs when it runs alone.</summary>
internal sealed class StepVariable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public StepVariable(IReadOnlyList<string> selector, string label, JsonNode? last)
    {
        Key = $"#{string.Join('.', selector)}#";
        Label = label;
        IsJson = last is not null && last.GetValueKind() != JsonValueKind.String;
        Text = last is null ? "" : IsJson ? last.ToJsonString(Indented) : last.GetValue<string>();
    }

    /// <summary>The name under which the value is sent, <c>#node.name#</c>.</summary>
    public string Key { get; }

    public string Label { get; }

    public string FieldId => "step-" + string.Concat(Key.Where(char.IsAsciiLetterOrDigit));

    public string Text { get; set; }

    /// <summary>A number, a list and the like; else the text is taken as it stands.</summary>
    public bool IsJson { get; set; }

    public bool IsValid => !IsJson || string.IsNullOrWhiteSpace(Text) || TryParse(out _);

    /// <summary>Null when nothing was given.</summary>
    public JsonNode? Value => !IsJson ? JsonValue.Create(Text) : TryParse(out var value) ? value : null;

    private bool TryParse(out JsonNode? value)
    {
        try
        {
            value = JsonNode.Parse(Text);
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}
