using Dify.Core.Apps;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>The Studio: the apps of the workspace as cards.</summary>
public sealed partial class AppListPage : ComponentBase
{
    private const int PageSize = 30;

    private List<Core.Apps.App>? _apps;
    private AppMode? _mode;
    private string? _keyword;
    private int _page;
    private int _request;
    private bool _hasMore;
    private bool _loading;

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private bool IsFiltered => !string.IsNullOrWhiteSpace(_keyword) || _mode is not null;

    protected override async Task OnInitializedAsync()
    {
        var actor = await Member.GetActorAsync();
        if (!actor.Can(Permission.EditApps))
        {
            // Whoever only uses apps has their place in Explore.
            Navigation.NavigateTo("/explore", replace: true);
            return;
        }

        await LoadAsync(1);
    }

    private Task<bool> SearchAsync(string? keyword)
    {
        _keyword = keyword;
        return Feedback.TryAsync(() => LoadAsync(1));
    }

    private Task<bool> FilterAsync(AppMode? mode)
    {
        _mode = mode;
        return Feedback.TryAsync(() => LoadAsync(1));
    }

    private Task<bool> LoadMoreAsync() => Feedback.TryAsync(() => LoadAsync(_page + 1));

    private async Task LoadAsync(int page)
    {
        var request = ++_request;
        _loading = true;
        try
        {
            var actor = await Member.GetActorAsync();
            var found = await Apps.ListAsync(actor, page, PageSize, _keyword?.Trim(), _mode);
            if (request != _request)
            {
                return;
            }

            _apps = page == 1 ? [.. found.Items] : [.. _apps!, .. found.Items.ExceptBy(_apps!.Select(a => a.Id), a => a.Id)];
            _page = page;
            _hasMore = found.HasMore;
        }
        finally
        {
            _loading = request != _request;
        }
    }

    private async Task ImportAsync()
    {
        if (await Dialogs.ImportAppAsync() is { } appId)
        {
            Navigation.NavigateTo($"/app/{appId}/setup");
        }
    }

    private async Task CreateAsync(AppMode mode)
    {
        if (await Dialogs.CreateAppAsync(mode) is { } app)
        {
            Navigation.NavigateTo(AppTypes.BuilderOf(app));
        }
    }

    private Task<bool> ReplaceAsync(Core.Apps.App app) => Feedback.TryAsync(() => LoadAsync(1));

    private Task RemoveAsync(Core.Apps.App app)
    {
        _apps?.RemoveAll(a => a.Id == app.Id);
        return Task.CompletedTask;
    }
}
