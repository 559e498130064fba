using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>The variables of an app, asked before a chat and open to change later.</summary>
public sealed partial class ChatInputsForm : ComponentBase
{
    private const int LongestText = 20_000;

    [Parameter, EditorRequired]
    public required IReadOnlyList<UserInputField> Form { get; set; }

    [Parameter, EditorRequired]
    public required JsonObject Values { get; set; }

    /// <summary>Fires with a new object; the given one is not changed.</summary>
    [Parameter]
    public EventCallback<JsonObject> ValuesChanged { get; set; }

    [Parameter]
    public bool Open { get; set; } = true;

    [Parameter]
    public EventCallback<bool> OpenChanged { get; set; }

    /// <summary>The person tried to go on: fields say what is missing.</summary>
    [Parameter]
    public bool ShowProblems { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    private string Summary => string.Join(" · ", ChatInputs.Shown(Form)
        .Select(f => f.Kind == "checkbox"
            ? Values[f.Input.Variable]?.GetValueKind() is JsonValueKind.True ? Label(f) : ""
            : ChatInputs.TextOf(Values[f.Input.Variable]))
        .Where(t => t.Length > 0));

    private string Label(UserInputField field)
    {
        var label = field.Input.Label.Length > 0 ? field.Input.Label : field.Input.Variable;
        return field.Input.Required || field.Kind == "checkbox" ? label : Text["Inputs.Optional", label];
    }

    private string? ProblemText(UserInputField field) =>
        ChatInputs.Problems(Form, Values).TryGetValue(field.Input.Variable, out var problem)
            ? Text[$"Inputs.{problem}", field.Input.MaxLength ?? 0].Value
            : null;

    private decimal? NumberOf(string name) =>
        Values[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<decimal>() : null;

    private string? ChoiceOf(UserInputField field) =>
        ChatInputs.TextOf(Values[field.Input.Variable]) is { Length: > 0 } text && field.Input.Options.Contains(text) ? text : null;

    private Task SetAsync(string name, JsonNode? value)
    {
        var values = (JsonObject)Values.DeepClone();
        values[name] = value;
        return ValuesChanged.InvokeAsync(values);
    }
}
