using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Shared;

public sealed partial class JsonBlock : ComponentBase
{
    /// <summary>Characters that are shown at first.</summary>
    internal const int ShortLength = 4_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string? _given;
    private string _whole = "";
    private bool _all;

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>JSON, which is laid out, or any other text.</summary>
    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    private bool IsCut => !_all && _whole.Length > ShortLength;

    private string Shown => IsCut ? _whole[..(char.IsHighSurrogate(_whole[ShortLength - 1]) ? ShortLength - 1 : ShortLength)] + "…" : _whole;

    protected override void OnParametersSet()
    {
        if (_given != Value)
        {
            _given = Value;
            _whole = LayOut(Value);
        }
    }

    private static string LayOut(string value)
    {
        if (value.Length == 0 || value[0] is not ('{' or '['))
        {
            return value;
        }

        try
        {
            return JsonNode.Parse(value)?.ToJsonString(Indented) ?? value;
        }
        catch (JsonException)
        {
            // A text that only looks like JSON.
            return value;
        }
    }
}
