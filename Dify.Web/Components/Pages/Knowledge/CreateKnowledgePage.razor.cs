using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>The way to a new base, for whoever may make one.</summary>
public sealed partial class CreateKnowledgePage : ComponentBase
{
    private bool? _canCreate;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    protected override async Task OnInitializedAsync() =>
        _canCreate = (await Member.GetActorAsync()).Can(Permission.CreateKnowledgeBases);
}
