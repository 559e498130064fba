using Dify.Core.Knowledge;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>The knowledge bases that the member may see, as cards.</summary>
public sealed partial class KnowledgeListPage : ComponentBase
{
    private const int PageSize = 30;

    private List<KnowledgeSummary>? _bases;
    private string? _keyword;
    private int _page;
    private int _request;
    private bool _hasMore;
    private bool _canCreate;

    [Inject]
    private KnowledgeService Knowledge { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IStringLocalizer<KnowledgeText> Words { get; set; } = null!;

    private bool IsFiltered => !string.IsNullOrWhiteSpace(_keyword);

    protected override Task OnInitializedAsync() => LoadAsync(1);

    private Task<bool> SearchAsync(string? keyword)
    {
        _keyword = keyword;
        return Feedback.TryAsync(() => LoadAsync(1));
    }

    private Task<bool> LoadMoreAsync() => Feedback.TryAsync(() => LoadAsync(_page + 1));

    private async Task LoadAsync(int page)
    {
        var request = ++_request;
        var actor = await Member.GetActorAsync();
        var found = await Knowledge.ListAsync(actor, _keyword?.Trim(), page, PageSize);
        if (request == _request)
        {
            _canCreate = actor.Can(Permission.CreateKnowledgeBases);
            _bases = page == 1 ? [.. found.Items] : [.. _bases!, .. found.Items];
            _page = page;
            _hasMore = found.HasMore;
        }
    }

    private async Task CreateEmptyAsync()
    {
        var dialog = await Dialogs.ShowAsync<NewKnowledgeDialog>();
        if (await dialog.Result is { Canceled: false, Data: KnowledgeSummary made })
        {
            Navigation.NavigateTo($"/datasets/{made.KnowledgeBase.Id}/documents");
        }
    }

    private async Task DeleteAsync(KnowledgeSummary knowledge)
    {
        var name = knowledge.KnowledgeBase.Name;
        var agreed = await Dialogs.ConfirmAsync(
            Words["Delete.Title", name], Words.Counted("Delete.Message", knowledge.DocumentCount), Words["Action.Delete"], name);
        if (agreed && await Feedback.TryAsync(async () =>
            await Knowledge.DeleteAsync(await Member.GetActorAsync(), knowledge.KnowledgeBase.Id)))
        {
            Feedback.Success(Words["Delete.Done", name]);
            _bases!.Remove(knowledge);
        }
    }
}
