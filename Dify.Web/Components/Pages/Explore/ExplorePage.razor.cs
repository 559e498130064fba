using Dify.Core.Apps;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Explore;

/// <summary>The assistants of the workspace for those who use them.</summary>
public sealed partial class ExplorePage : ComponentBase
{
    private List<Core.Apps.App>? _apps;
    private bool _canEdit;
    private bool _hasMore;
    private int _page = 1;

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    protected override Task OnInitializedAsync() => LoadAsync(1);

    private Task<bool> MoreAsync() => Feedback.TryAsync(() => LoadAsync(_page + 1));

    private async Task LoadAsync(int page)
    {
        var actor = await Member.GetActorAsync();
        var found = await Apps.ListPublishedAsync(actor, page);
        _canEdit = actor.Can(Permission.EditApps);
        _apps = [.. _apps ?? [], .. found.Items];
        _page = page;
        _hasMore = found.HasMore;
    }
}
