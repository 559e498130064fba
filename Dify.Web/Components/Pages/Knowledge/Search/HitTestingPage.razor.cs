using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Knowledge.Search;

/// <summary>Asks a base as an app would, and shows what is found. Settings changed here last until the page is left.</summary>
public sealed partial class HitTestingPage : ComponentBase
{
    private const int LongestQuestion = 250;

    private string _question = "";
    private RetrievalSettings? _settings;
    private IReadOnlyList<RetrievedSegment>? _hits;
    private Page<RetrievalRecord>? _records;
    private string? _error;
    private bool _asking;
    private bool _settingsOpen;

    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    private KnowledgeService Bases { get; set; } = null!;

    [Inject]
    private Retriever Retriever { get; set; } = null!;

    [Inject]
    private RetrievalLog Log { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _records = await Log.ListAsync(await Member.GetActorAsync(), Id);
        }
        catch (DifyException)
        {
            // The frame reads the same base and says what is wrong in the page's place.
        }
    }

    private async Task AskAsync()
    {
        if (_asking || string.IsNullOrWhiteSpace(_question))
        {
            return;
        }

        (_asking, _error) = (true, null);
        StateHasChanged();
        try
        {
            var actor = await Member.GetActorAsync();
            actor.Require(Permission.UseKnowledgeBases);
            var knowledge = await Bases.GetAsync(actor, Id);
            _hits = await Retriever.RetrieveAsync(new RetrievalQuery
            {
                WorkspaceId = actor.WorkspaceId,
                KnowledgeBaseIds = [Id],
                Text = _question,
                Settings = _settings ?? knowledge.KnowledgeBase.Retrieval,
                Source = "hit_testing",
            });
            await Log.FlushAsync();
            _records = await Log.ListAsync(actor, Id);
        }
        catch (DifyException failure)
        {
            _error = Feedback.Describe(failure);
        }
        finally
        {
            _asking = false;
        }
    }
}
