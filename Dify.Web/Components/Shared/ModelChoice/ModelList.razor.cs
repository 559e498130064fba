using System.Globalization;
using Dify.Core.Models;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace Dify.Web.Components.Shared.ModelChoice;

/// <summary>The models to choose from, grouped by provider, with a filter that also takes names that are not listed.</summary>
public sealed partial class ModelList : ComponentBase
{
    private string _filter = "";
    private ElementReference _filterBox;

    [Parameter, EditorRequired]
    public IReadOnlyList<ModelDescriptor> Models { get; set; } = [];

    /// <summary>Providers that take any name: id and label.</summary>
    [Parameter]
    public IReadOnlyList<KeyValuePair<string, string>> OpenProviders { get; set; } = [];

    [Parameter]
    public ModelReference? Default { get; set; }

    [Parameter]
    public ModelReference? Value { get; set; }

    [Parameter]
    public EventCallback<ModelReference?> Chosen { get; set; }

    [Parameter]
    public EventCallback Cancelled { get; set; }

    private IEnumerable<IGrouping<(string Id, string Label), ModelDescriptor>> Groups => Models
        .Where(model => Matches(model.Label, model.Reference.Name, model.ProviderLabel))
        .GroupBy(model => (model.Reference.Provider, model.ProviderLabel));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _filterBox.FocusAsync();
        }
    }

    private bool Matches(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Contains(_filter.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private string Selected(ModelReference? model) => model == Value ? "true" : "false";

    private Task OnKey(KeyboardEventArgs key) => key.Key == "Escape" ? Cancelled.InvokeAsync() : Task.CompletedTask;

    private IEnumerable<(string Icon, string Title)> Marks(ModelDescriptor model)
    {
        if (model.Features.Contains("vision"))
        {
            yield return (Icons.Material.Outlined.Visibility, Text["Feature.Vision"]);
        }

        if (model.Features.Contains("tool-call"))
        {
            yield return (Icons.Material.Outlined.Build, Text["Feature.ToolCall"]);
        }
    }

    private static string? ContextSize(ModelDescriptor model) => model.ContextSize switch
    {
        >= 1_000_000 => (model.ContextSize / 1_000_000.0).ToString("0.#", CultureInfo.CurrentCulture) + "M",
        >= 1000 => (model.ContextSize / 1000).ToString(CultureInfo.CurrentCulture) + "K",
        _ => null,
    };
}
