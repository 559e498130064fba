using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Inputs;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>The form that a run begins with: every kind of field of a start node.</summary>
public sealed partial class RunForm : ComponentBase
{
    private const int LongestLine = 20_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<LongText> _boxes = [];
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);

    [Parameter, EditorRequired]
    public required IReadOnlyList<StartField> Fields { get; set; }

    [Parameter, EditorRequired]
    public required JsonObject Values { get; set; }

    /// <summary>Fires with a new object; the given one is not changed.</summary>
    [Parameter]
    public EventCallback<JsonObject> ValuesChanged { get; set; }

    /// <summary>Where the browser sends files.</summary>
    [Parameter]
    public string UploadTo { get; set; } = "";

    /// <summary>The person tried to run: fields say what is missing.</summary>
    [Parameter]
    public bool ShowProblems { get; set; }

    /// <summary>A builder sees hidden fields too.</summary>
    [Parameter]
    public bool ShowHidden { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>A file is still on its way to the server, or no more.</summary>
    [Parameter]
    public EventCallback<bool> UploadingChanged { get; set; }

    private LongText Box
    {
        set
        {
            // A box that is gone is set to null.
            if (value is not null)
            {
                _boxes.Add(value);
            }
        }
    }

    /// <summary>A file is still on its way to the server.</summary>
    public bool IsUploading => _busy.Count > 0;

    /// <summary>Fetches what was typed within the last moment.</summary>
    public async Task FlushAsync()
    {
        foreach (var box in _boxes)
        {
            await box.FlushAsync();
        }
    }

    private static string IdOf(StartField field) => $"input-{field.Variable}";

    private static decimal? NumberOf(JsonNode? value) =>
        value is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue<decimal>(out var given) ? given : null;

    private static string JsonText(JsonNode? value) => value is JsonObject made ? made.ToJsonString(Indented) : RunFormValues.TextOf(value);

    private string Label(StartField field) => field.Required ? field.Label : Text["Form.Optional", field.Label];

    private string? ProblemOf(StartField field) =>
        ShowProblems && RunFormValues.Problems(Fields, Values, ShowHidden).TryGetValue(field.Variable, out var problem)
            ? Text[$"Form.{problem}", field.MaxLength ?? RunFormValues.MostFiles(field)].Value
            : null;

    private Task SetBusyAsync(string name, bool busy)
    {
        _ = busy ? _busy.Add(name) : _busy.Remove(name);
        return UploadingChanged.InvokeAsync(_busy.Count > 0);
    }

    private Task SetAsync(string name, JsonNode? value)
    {
        var values = (JsonObject)Values.DeepClone();
        values[name] = value?.DeepClone();
        return ValuesChanged.InvokeAsync(values);
    }
}
