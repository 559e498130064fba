using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

public sealed partial class KnowledgeSection : ComponentBase
{
    private readonly Dictionary<Guid, KnowledgeSummary> _known = [];
    private readonly HashSet<Guid> _asked = [];
    private readonly HashSet<Guid> _missing = [];
    private bool _settings;

    [Parameter, EditorRequired]
    public OrchestrateDraft Draft { get; set; } = null!;

    [Inject]
    private KnowledgeService Knowledge { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        foreach (var id in Draft.KnowledgeBaseIds.Where(_asked.Add).ToList())
        {
            try
            {
                _known[id] = await Knowledge.GetAsync(await Member.GetActorAsync(), id);
            }
            catch (DifyException failure) when (failure.Status is 404 or 403)
            {
                // It stays in the draft until a person takes it out.
                _missing.Add(id);
            }
        }
    }

    private async Task AddAsync()
    {
        var parameters = new DialogParameters<KnowledgePickerDialog> { { d => d.Chosen, Draft.KnowledgeBaseIds } };
        var dialog = await Dialogs.ShowAsync<KnowledgePickerDialog>(null, parameters);
        if (await dialog.Result is { Canceled: false, Data: IReadOnlyList<KnowledgeSummary> picked })
        {
            foreach (var summary in picked)
            {
                _asked.Add(summary.KnowledgeBase.Id);
                _missing.Remove(summary.KnowledgeBase.Id);
                _known[summary.KnowledgeBase.Id] = summary;
                Draft.AddKnowledgeBase(summary.KnowledgeBase.Id);
            }
        }
    }
}
