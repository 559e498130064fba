using System.Text.Json.Nodes;
using Dify.Core.Models;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace Dify.Web.Components.Shared.ModelChoice;

/// <summary>
/// Chooses a model of a type from those that the workspace can use, and sets its parameters. Without a choice the
/// workspace default is shown, which stays the default whatever it becomes.
/// </summary>
public sealed partial class ModelPicker : ComponentBase
{
    private IReadOnlyList<ModelDescriptor> _models = [];
    private IReadOnlyList<KeyValuePair<string, string>> _openProviders = [];
    private ModelReference? _default;
    private ModelDescriptor? _descriptor;
    private ModelReference? _described;
    private ModelType? _loaded;
    private Guid _workspaceId;
    private bool _loading = true;
    private bool _missing;
    private bool _open;
    private bool _tuning;
    private ElementReference _button;
    private MudIconButton? _tune;

    [Parameter, EditorRequired]
    public ModelType Type { get; set; }

    /// <summary>Null: the workspace default.</summary>
    [Parameter]
    public ModelReference? Value { get; set; }

    [Parameter]
    public EventCallback<ModelReference?> ValueChanged { get; set; }

    /// <summary>Dify's <c>completion_params</c>; only the parameters that are switched on are in it.</summary>
    [Parameter]
    public JsonObject CompletionParams { get; set; } = [];

    /// <summary>Gets a new object with each change. Without a handler the parameters are not offered.</summary>
    [Parameter]
    public EventCallback<JsonObject> CompletionParamsChanged { get; set; }

    /// <summary>Whether "the workspace default" can be chosen; not where that default itself is set.</summary>
    [Parameter]
    public bool OfferDefault { get; set; } = true;

    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Read before the name of the model, as "Embedding model".</summary>
    [Parameter]
    public string? Label { get; set; }

    [Inject]
    private ModelCatalog Catalog { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    private ModelReference? Current => Value ?? _default;

    private string CurrentLabel => _descriptor?.Label ?? Current?.Name ?? "";

    private string Hint => Value is null && _default is not null
        ? Text["Picker.IsDefault"]
        : Current?.Provider == BuiltinModels.Provider ? Text["Builtin.Note"]
        : _descriptor?.ProviderLabel ?? Current?.Provider ?? "";

    private string ButtonLabel => $"{Label ?? Text["Picker.Model"]}: {CurrentLabel}, {Hint}";

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != Type)
        {
            _loaded = Type;
            await LoadAsync();
        }

        if (Current is { } current && current != _described)
        {
            _described = current;
            await DescribeAsync(current);
        }
    }

    private async Task LoadAsync()
    {
        _workspaceId = (await Member.GetActorAsync()).WorkspaceId;
        _models = await Catalog.ListAsync(_workspaceId, Type);
        _openProviders = await Catalog.ListOpenProvidersAsync(_workspaceId, Type);
        _default = await Catalog.GetDefaultAsync(_workspaceId, Type);
        _described = null;
        _loading = false;
    }

    private async Task DescribeAsync(ModelReference model)
    {
        _descriptor = await Catalog.FindAsync(_workspaceId, Type, model);
        _missing = _descriptor is null;
    }

    private async Task ToggleAsync()
    {
        // Credentials may have been entered in another tab since.
        await LoadAsync();
        (_open, _tuning) = (!_open, false);
    }

    private async Task ChooseAsync(ModelReference? model)
    {
        (_open, Value) = (false, model);
        if (Current is { } current)
        {
            _described = current;
            await DescribeAsync(current);
        }

        await ValueChanged.InvokeAsync(model);
    }

    /// <summary>Closed by the keyboard, the focus goes back to where it came from.</summary>
    private async Task CancelAsync()
    {
        Close();
        await _button.FocusAsync();
    }

    private async Task CancelTuningAsync()
    {
        Close();
        if (_tune is not null)
        {
            await _tune.FocusAsync();
        }
    }

    private Task OnTuneKeyAsync(KeyboardEventArgs key) =>
        key.Key == "Escape" && _tuning ? CancelTuningAsync() : Task.CompletedTask;

    private void Close() => (_open, _tuning) = (false, false);
}
