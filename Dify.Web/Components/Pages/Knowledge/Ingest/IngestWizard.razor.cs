using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Models;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>
/// From files to a searchable base in three steps: what, how, and watching it happen. The third has an address of its
/// own, so that it can be left and come back to.
/// </summary>
public sealed partial class IngestWizard : ComponentBase
{
    private IngestDraft _draft = null!;
    private int _step = 1;
    private bool _saving;
    private string? _error;
    private Guid _knowledgeBaseId;
    private string _batch = "";

    /// <summary>The base to add to; null: a new one is made.</summary>
    [Parameter]
    public KnowledgeBase? Knowledge { get; set; }

    /// <summary>An upload to watch, with <see cref="Knowledge"/>.</summary>
    [Parameter]
    public string? Batch { get; set; }

    /// <summary>Every document of the batch has ended.</summary>
    [Parameter]
    public EventCallback OnProcessed { get; set; }

    [Inject]
    private KnowledgeService Bases { get; set; } = null!;

    [Inject]
    private DocumentService Documents { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IOptions<UploadLimits> Limits { get; set; } = null!;

    private bool CanSave => !_saving && _draft.HasRule && _draft.CanLeaveSources
        && (Knowledge is not null || !string.IsNullOrWhiteSpace(_draft.Name));

    protected override void OnInitialized()
    {
        _draft = new IngestDraft(Limits.Value);
        if (Knowledge is null)
        {
            return;
        }

        _knowledgeBaseId = Knowledge.Id;
        _draft.Retrieval = Knowledge.Retrieval;
        _draft.Technique = Knowledge.IndexingTechnique ?? IndexingTechnique.HighQuality;
        if (Knowledge is { EmbeddingProvider: { } provider, EmbeddingModel: { } model })
        {
            _draft.Embedding = ModelReference.Parse(provider, model);
        }

        if (!string.IsNullOrEmpty(Batch))
        {
            (_step, _batch) = (3, Batch);
        }
    }

    private async Task SaveAsync()
    {
        _saving = true;
        _error = null;
        try
        {
            var actor = await Member.GetActorAsync();
            if (_knowledgeBaseId == Guid.Empty)
            {
                // Kept when the next call fails: a second try adds to the same base.
                var made = await Bases.CreateAsync(actor, new NewKnowledgeBase { Name = _draft.Name.Trim() });
                _knowledgeBaseId = made.KnowledgeBase.Id;
            }

            var added = await Documents.AddAsync(actor, _knowledgeBaseId, _draft.ToDocuments());
            Navigation.NavigateTo($"/datasets/{_knowledgeBaseId}/documents/create?batch={added[0].Batch}", replace: true);
        }
        catch (DifyException failure)
        {
            _error = Feedback.Describe(failure);
        }
        finally
        {
            _saving = false;
        }
    }
}
