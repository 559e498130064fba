using Dify.Core.Models;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Knowledge.Search;

/// <summary>Whether a rerank model puts the hits in order, and which. Switched on, it is the workspace's default one first.</summary>
public sealed partial class RerankChoice : ComponentBase
{
    /// <summary>Null: no rerank model.</summary>
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

    private async Task SwitchAsync(bool on) => await ValueChanged.InvokeAsync(
        on ? await Catalog.GetDefaultAsync((await Member.GetActorAsync()).WorkspaceId, ModelType.Rerank) : null);
}
