using Dify.Core.Models;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>The embedding models of the workspace; without a choice, the workspace default is chosen.</summary>
public sealed partial class EmbeddingModelSelect : ComponentBase
{
    private IReadOnlyList<ModelDescriptor>? _models;
    private bool _isBuiltin;

    [Parameter]
    public ModelReference? Value { get; set; }

    [Parameter]
    public EventCallback<ModelReference?> ValueChanged { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Inject]
    private ModelCatalog Catalog { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        var actor = await Member.GetActorAsync();
        _models = await Catalog.ListAsync(actor.WorkspaceId, ModelType.TextEmbedding);
        if (Value is null)
        {
            await ValueChanged.InvokeAsync(await Catalog.GetDefaultAsync(actor.WorkspaceId, ModelType.TextEmbedding));
        }
    }

    protected override void OnParametersSet() => _isBuiltin = Value?.Provider == "builtin";

    private string? Describe(ModelReference? model) => model is null ? null
        : _models?.FirstOrDefault(known => known.Reference == model)?.Label is { } label ? $"{label} · {model.Provider}" : $"{model.Name} · {model.Provider}";
}
