using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>Reads the knowledge base of a page and draws the rail; what cannot be read is told in the page's place.</summary>
public sealed partial class KnowledgeFrame : ComponentBase
{
    private KnowledgeSummary? _knowledge;
    private string? _error;
    private Guid _loaded;

    [Parameter, EditorRequired]
    public Guid Id { get; set; }

    [Parameter, EditorRequired]
    public RenderFragment<KnowledgeSummary> ChildContent { get; set; } = null!;

    [Inject]
    private KnowledgeService Knowledge { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    /// <summary>Reads the base anew after a change.</summary>
    public async Task ReloadAsync()
    {
        try
        {
            _knowledge = await Knowledge.GetAsync(await Member.GetActorAsync(), Id);
            _error = null;
        }
        catch (DifyException failure)
        {
            _knowledge = null;
            _error = Feedback.Describe(failure);
        }

        StateHasChanged();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != Id)
        {
            _loaded = Id;
            _knowledge = null;
            await ReloadAsync();
        }
    }
}
