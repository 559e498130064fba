using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Models;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Shared.ModelChoice;

/// <summary>Sets the parameters of a model. A parameter that is switched off is left to the model.</summary>
public sealed partial class ModelParameterPanel : ComponentBase
{
    private const string Escape = "Escape";
    private const double WidestSlider = 1_000_000;

    private static readonly ParameterPreset[] AllPresets =
    [
        new("Precise", new() { ["temperature"] = 0.2, ["top_p"] = 0.75, ["presence_penalty"] = 0.5, ["frequency_penalty"] = 0.5 }),
        new("Balanced", new() { ["temperature"] = 0.5, ["top_p"] = 0.85, ["presence_penalty"] = 0.2, ["frequency_penalty"] = 0.3 }),
        new("Creative", new() { ["temperature"] = 0.8, ["top_p"] = 0.9, ["presence_penalty"] = 0.1, ["frequency_penalty"] = 0.1 }),
    ];

    private ElementReference _panel;
    private readonly string _id = "p" + Guid.CreateVersion7().ToString("N");

    [Parameter, EditorRequired]
    public ModelDescriptor Model { get; set; } = null!;

    [Parameter, EditorRequired]
    public JsonObject Values { get; set; } = [];

    [Parameter]
    public EventCallback<JsonObject> ValuesChanged { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _panel.FocusAsync();
        }
    }

    private IReadOnlyList<ParameterPreset> Presets => Model.Parameters.Any(p => p.Name == "temperature") ? AllPresets : [];

    private bool IsOn(ModelParameter parameter) => Values[parameter.Name] is not null;

    private string Title(ModelParameter parameter) => Translated($"Parameter.{parameter.Name}", parameter.Label);

    private string Help(ModelParameter parameter) => Translated($"Parameter.{parameter.Name}.Help", parameter.Help);

    private string Translated(string key, string otherwise)
    {
        var text = Text[key];
        return text.ResourceNotFound ? otherwise : text.Value;
    }

    private static bool HasSlider(ModelParameter parameter) =>
        parameter is { Min: { } min, Max: { } max } && max - min <= WidestSlider;

    private static string Step(ModelParameter parameter) => parameter.Kind == "int" ? "1" : "0.01";

    private static string? Wire(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture);

    private double? NumberOf(ModelParameter parameter) =>
        Values[parameter.Name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            ? value.Deserialize<double>()
            : parameter.Default ?? parameter.Min;

    private string TextOf(ModelParameter parameter) => Values[parameter.Name] switch
    {
        JsonArray lines => string.Join('\n', lines.Select(line => line?.ToString())),
        JsonObject format => (string?)format["type"] ?? "",
        { } value => value.ToString(),
        null => parameter.Options.Count > 0 ? parameter.Options[0] : "",
    };

    private Task SwitchAsync(ModelParameter parameter, bool on) => ChangeAsync(values =>
    {
        values.Remove(parameter.Name);
        if (on)
        {
            values[parameter.Name] = parameter.Kind switch
            {
                "int" => (long)(parameter.Default ?? parameter.Min ?? 0),
                "float" => parameter.Default ?? parameter.Min ?? 0,
                _ when parameter.Name == "stop" => new JsonArray(),
                _ => parameter.Options.Count > 0 ? parameter.Options[0] : "",
            };
        }
    });

    private Task SetNumberAsync(ModelParameter parameter, string? typed)
    {
        if (!double.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return Task.CompletedTask;
        }

        number = Math.Clamp(number, parameter.Min ?? double.MinValue, parameter.Max ?? double.MaxValue);
        return ChangeAsync(values => values[parameter.Name] = parameter.Kind == "int" ? (long)number : Math.Round(number, 4));
    }

    private Task SetTextAsync(ModelParameter parameter, string? typed) => ChangeAsync(values => values[parameter.Name] = parameter.Name == "stop"
        ? new JsonArray([.. (typed ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(4).Select(line => (JsonNode)line)])
        : typed ?? "");

    private Task UseAsync(ParameterPreset preset) => ChangeAsync(values =>
    {
        foreach (var (name, value) in preset.Values.Where(entry => Model.Parameters.Any(p => p.Name == entry.Key)))
        {
            values[name] = value;
        }
    });

    private Task ChangeAsync(Action<JsonObject> change)
    {
        var values = Values.DeepClone().AsObject();
        change(values);
        Values = values;
        return ValuesChanged.InvokeAsync(values);
    }

    private sealed record ParameterPreset(string Name, Dictionary<string, double> Values);
}
