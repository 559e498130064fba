using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>The settings of a base while they are being changed.</summary>
internal sealed class KnowledgeSettingsDraft
{
    public KnowledgeSettingsDraft(KnowledgeSummary knowledge)
    {
        var stored = knowledge.KnowledgeBase;
        Name = stored.Name;
        Description = stored.Description;
        Permission = stored.Permission;
        Members = [.. knowledge.PartialMembers];
        Technique = stored.IndexingTechnique ?? IndexingTechnique.HighQuality;
        Embedding = ModelOf(stored);
        Retrieval = stored.Retrieval;
        ApiEnabled = stored.ApiEnabled;
    }

    public string Name { get; set; }

    public string Description { get; set; }

    public KnowledgePermission Permission { get; set; }

    public HashSet<Guid> Members { get; }

    public IndexingTechnique Technique { get; set; }

    /// <summary>Null: the workspace default.</summary>
    public ModelReference? Embedding { get; set; }

    public RetrievalSettings Retrieval { get; set; }

    public bool ApiEnabled { get; set; }

    /// <summary>Whether saving makes new vectors for every segment.</summary>
    public bool EmbedsAnew(KnowledgeBase stored) =>
        stored.IndexingTechnique is not null && Technique == IndexingTechnique.HighQuality
        && (stored.IndexingTechnique == IndexingTechnique.Economy || (Embedding is not null && Embedding != ModelOf(stored)));

    /// <summary>What differs from what is stored.</summary>
    public KnowledgeChanges ToChanges(KnowledgeBase stored) => new()
    {
        Name = Name.Trim() == stored.Name ? null : Name.Trim(),
        Description = (Description ?? "").Trim() is var description && description == stored.Description ? null : description,
        Permission = Permission,
        PartialMembers = Permission == KnowledgePermission.PartialMembers ? [.. Members] : null,
        IndexingTechnique = Technique == stored.IndexingTechnique || stored.IndexingTechnique is null ? null : Technique,
        EmbeddingProvider = EmbedsAnew(stored) ? Embedding?.Provider : null,
        EmbeddingModel = EmbedsAnew(stored) ? Embedding?.Name : null,
        Retrieval = Retrieval,
        ApiEnabled = ApiEnabled,
    };

    private static ModelReference? ModelOf(KnowledgeBase stored) =>
        stored is { EmbeddingProvider: { } provider, EmbeddingModel: { } model } ? ModelReference.Parse(provider, model) : null;
}
