using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Chooses knowledge bases; answers an <c>IReadOnlyList&lt;KnowledgeSummary&gt;</c>.</summary>
public sealed partial class KnowledgePickerDialog : ComponentBase
{
    private readonly List<KnowledgeSummary> _picked = [];
    private List<KnowledgeSummary>? _bases;
    private string? _keyword;
    private string? _error;
    private int _page;
    private bool _hasMore;

    /// <summary>Those that are in use already.</summary>
    [Parameter]
    public IReadOnlyList<Guid> Chosen { get; set; } = [];

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private KnowledgeService Knowledge { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    protected override Task OnInitializedAsync() => LoadAsync(1);

    private Task SearchAsync(string? keyword)
    {
        _keyword = keyword;
        return LoadAsync(1);
    }

    private Task MoreAsync() => LoadAsync(_page + 1);

    private async Task LoadAsync(int page)
    {
        _error = null;
        try
        {
            var found = await Knowledge.ListAsync(await Member.GetActorAsync(), _keyword?.Trim(), page, 30);
            _bases = page == 1 ? [.. found.Items] : [.. _bases!, .. found.Items];
            _page = page;
            _hasMore = found.HasMore;
        }
        catch (DifyException failure)
        {
            _bases ??= [];
            _error = Feedback.Describe(failure);
        }
    }

    private void Toggle(KnowledgeSummary summary)
    {
        if (_picked.RemoveAll(p => p.KnowledgeBase.Id == summary.KnowledgeBase.Id) == 0)
        {
            _picked.Add(summary);
        }
    }

    private void Add() => Dialog.Close(DialogResult.Ok<IReadOnlyList<KnowledgeSummary>>(_picked));
}
