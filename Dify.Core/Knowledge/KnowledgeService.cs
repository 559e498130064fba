using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Ingestion;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Knowledge;

/// <summary>Knowledge bases: create, list, read, settings, delete. Each call checks the role and the base's own access level.</summary>
public sealed class KnowledgeService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly FileService _files;
    private readonly ISegmentIndex _index;
    private readonly ModelRuntime _models;
    private readonly IndexingQueue _queue;
    private readonly TimeProvider _time;

    internal KnowledgeService(
        IDbContextFactory<DifyDbContext> contexts, FileService files, ISegmentIndex index, ModelRuntime models,
        IndexingQueue queue, TimeProvider time) =>
        (_contexts, _files, _index, _models, _queue, _time) = (contexts, files, index, models, queue, time);

    /// <exception cref="DifyException"><c>invalid_param</c>; 409 <c>dataset_name_duplicate</c>.</exception>
    public async Task<KnowledgeSummary> CreateAsync(
        Actor actor, NewKnowledgeBase request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(request);
        actor.Require(Permission.CreateKnowledgeBases);
        var model = ModelOf(request.EmbeddingProvider, request.EmbeddingModel);
        if (model is not null)
        {
            await _models.GetEmbeddingModelAsync(actor.WorkspaceId, model, cancellationToken);
        }

        var now = _time.GetUtcNow();
        var knowledge = new KnowledgeBase
        {
            WorkspaceId = actor.WorkspaceId,
            Name = KnowledgeRules.Name(request.Name),
            Description = KnowledgeRules.Description(request.Description),
            Permission = request.Permission,
            IndexingTechnique = request.IndexingTechnique,
            EmbeddingProvider = model?.Provider,
            EmbeddingModel = model?.Name,
            Retrieval = KnowledgeRules.Settings(request.Retrieval ?? new RetrievalSettings()),
            CreatedBy = actor.AccountId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireFreeNameAsync(db, actor, knowledge.Name, null, cancellationToken);
        db.KnowledgeBases.Add(knowledge);
        var members = await MembersAsync(db, actor, knowledge.Permission, request.PartialMembers, cancellationToken);
        AddMembers(db, knowledge, members);
        await SaveAsync(db, cancellationToken);
        return new KnowledgeSummary(knowledge, 0, 0, 0, members);
    }

    /// <summary>The bases that the actor may see, newest first.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="limit">1 to 100; more is cut to 100.</param>
    public async Task<Page<KnowledgeSummary>> ListAsync(
        Actor actor, string? keyword = null, int page = 1, int limit = 20, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.UseKnowledgeBases);
        (var skip, limit) = KnowledgeRules.Page(page, limit);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var visible = db.Visible(actor);
        if (!string.IsNullOrWhiteSpace(keyword))
        {
            var pattern = KnowledgeRules.Like(keyword);
            visible = db.Database.IsNpgsql()
                ? visible.Where(k => EF.Functions.ILike(k.Name, pattern, "\\"))
                : visible.Where(k => EF.Functions.Like(k.Name, pattern, "\\"));
        }

        var total = await visible.CountAsync(cancellationToken);
        var rows = await visible.OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id)
            .Skip(skip).Take(limit).ToListAsync(cancellationToken);
        return new Page<KnowledgeSummary>(await SummariesAsync(db, rows, cancellationToken), total, skip + rows.Count < total);
    }

    /// <exception cref="DifyException">404 when it does not exist, is another workspace's or is not shared with the actor.</exception>
    public async Task<KnowledgeSummary> GetAsync(Actor actor, Guid knowledgeBaseId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        return (await SummariesAsync(db, [knowledge], cancellationToken))[0];
    }

    /// <summary>The base alone, without counters.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<KnowledgeBase> FindAsync(Actor actor, Guid knowledgeBaseId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
    }

    /// <summary>
    /// Changes what is not null. A step from economy to high quality or to another embedding model embeds every
    /// segment anew in the background.
    /// </summary>
    /// <exception cref="DifyException"><c>invalid_param</c>, also for the step back to economy; 409; 404.</exception>
    public async Task<KnowledgeSummary> UpdateAsync(
        Actor actor, Guid knowledgeBaseId, KnowledgeChanges changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(changes);
        var model = ModelOf(changes.EmbeddingProvider, changes.EmbeddingModel);
        var technique = changes.IndexingTechnique;
        KnowledgeBase before;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            before = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        }

        before.RequireSettings(actor);
        if (changes.Permission == KnowledgePermission.OnlyMe && before.Permission != KnowledgePermission.OnlyMe
            && before.CreatedBy != actor.AccountId)
        {
            // It would vanish for the very person who saves.
            throw DifyException.Invalid(
                "Only the person who created a knowledge base can keep it to themselves. Choose its members instead.");
        }

        if (before.IndexingTechnique == IndexingTechnique.HighQuality && technique == IndexingTechnique.Economy)
        {
            throw DifyException.Invalid("A high-quality knowledge base cannot become economical. Create a new one.");
        }

        technique ??= before.IndexingTechnique;
        var reembed = false;
        if (technique == IndexingTechnique.HighQuality && (model is not null || before.IndexingTechnique == IndexingTechnique.Economy))
        {
            model ??= ModelOf(before.EmbeddingProvider, before.EmbeddingModel);
            var ready = await _models.GetEmbeddingModelAsync(actor.WorkspaceId, model, cancellationToken);
            model = ready.Descriptor.Reference;
            reembed = before.IndexingTechnique == IndexingTechnique.Economy
                || ModelOf(before.EmbeddingProvider, before.EmbeddingModel) != model;
        }

        await StoreAsync(actor, knowledgeBaseId, changes, technique, model, reembed, cancellationToken);
        if (reembed)
        {
            await _index.DropAsync(knowledgeBaseId, cancellationToken);
            await _queue.RecoverAsync(cancellationToken);
        }

        return await GetAsync(actor, knowledgeBaseId, cancellationToken);
    }

    /// <summary>Deletes the base with its documents, segments and index.</summary>
    public async Task DeleteAsync(Actor actor, Guid knowledgeBaseId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        List<Guid> fileIds;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            var knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
            knowledge.RequireSettings(actor);
            var documents = db.Documents;
            fileIds = await documents.Where(d => d.KnowledgeBaseId == knowledgeBaseId && d.FileId != null
                    && !documents.Any(other => other.FileId == d.FileId && other.KnowledgeBaseId != knowledgeBaseId))
                .Select(d => d.FileId!.Value).Distinct().ToListAsync(cancellationToken);
            await db.KnowledgeBases.Where(k => k.Id == knowledgeBaseId && k.WorkspaceId == actor.WorkspaceId)
                .ExecuteDeleteAsync(cancellationToken);
        }

        await _index.DropAsync(knowledgeBaseId, cancellationToken);
        await _files.DeleteAsync(actor.WorkspaceId, fileIds, cancellationToken);
    }

    private async Task StoreAsync(
        Actor actor, Guid knowledgeBaseId, KnowledgeChanges changes, IndexingTechnique? technique, ModelReference? model,
        bool reembed, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var knowledge = await db.KnowledgeBases.FirstOrDefaultAsync(
                k => k.Id == knowledgeBaseId && k.WorkspaceId == actor.WorkspaceId, cancellationToken)
            ?? throw DifyException.NotFound("Dataset not found.");
        if (changes.Name is not null && KnowledgeRules.Name(changes.Name) != knowledge.Name)
        {
            knowledge.Name = KnowledgeRules.Name(changes.Name);
            await RequireFreeNameAsync(db, actor, knowledge.Name, knowledge.Id, cancellationToken);
        }

        knowledge.Description = changes.Description is null ? knowledge.Description : KnowledgeRules.Description(changes.Description);
        knowledge.Retrieval = changes.Retrieval is null ? knowledge.Retrieval : KnowledgeRules.Settings(changes.Retrieval);
        knowledge.Permission = changes.Permission ?? knowledge.Permission;
        knowledge.ApiEnabled = changes.ApiEnabled ?? knowledge.ApiEnabled;
        knowledge.IndexingTechnique = technique;
        knowledge.EmbeddingProvider = model?.Provider ?? knowledge.EmbeddingProvider;
        knowledge.EmbeddingModel = model?.Name ?? knowledge.EmbeddingModel;
        knowledge.UpdatedAt = _time.GetUtcNow();
        var accounts = changes.PartialMembers;
        if (knowledge is { Permission: KnowledgePermission.PartialMembers } && knowledge.CreatedBy != actor.AccountId)
        {
            // Whoever saves does not lock themselves out.
            accounts ??= await db.KnowledgeBaseMembers.Where(m => m.KnowledgeBaseId == knowledgeBaseId)
                .Select(m => m.AccountId).ToListAsync(cancellationToken);
            accounts = [.. accounts, actor.AccountId];
        }

        if (accounts is not null)
        {
            await db.KnowledgeBaseMembers.Where(m => m.KnowledgeBaseId == knowledgeBaseId).ExecuteDeleteAsync(cancellationToken);
            AddMembers(db, knowledge, await MembersAsync(db, actor, knowledge.Permission, accounts, cancellationToken));
        }

        await SaveAsync(db, cancellationToken);
        if (reembed)
        {
            await ForgetVectorsAsync(db, knowledgeBaseId, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Segments stay as they are, edited ones too; only their vectors are made anew by each document's job.</summary>
    private static async Task ForgetVectorsAsync(DifyDbContext db, Guid knowledgeBaseId, CancellationToken cancellationToken)
    {
        await db.Documents.Where(d => d.KnowledgeBaseId == knowledgeBaseId).ExecuteUpdateAsync(
            set => set
                .SetProperty(d => d.JobNumber, d => d.JobNumber + 1)
                .SetProperty(d => d.Attempts, 0)
                .SetProperty(d => d.CompletedSegments, 0)
                .SetProperty(d => d.CompletedAt, (DateTimeOffset?)null)
                .SetProperty(
                    d => d.IndexingStatus,
                    d => d.IndexingStatus == IndexingStatus.Completed ? IndexingStatus.Waiting : d.IndexingStatus),
            cancellationToken);
        await db.Segments.Where(s => s.KnowledgeBaseId == knowledgeBaseId).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.CompletedAt, (DateTimeOffset?)null).SetProperty(s => s.Embedding, (byte[]?)null),
            cancellationToken);
    }

    private static ModelReference? ModelOf(string? provider, string? name) =>
        string.IsNullOrWhiteSpace(name) || string.IsNullOrWhiteSpace(provider) ? null : ModelReference.Parse(provider, name);

    private static async Task RequireFreeNameAsync(
        DifyDbContext db, Actor actor, string name, Guid? self, CancellationToken cancellationToken)
    {
        if (await db.KnowledgeBases.AnyAsync(k => k.WorkspaceId == actor.WorkspaceId && k.Name == name && k.Id != self, cancellationToken))
        {
            throw NameTaken();
        }
    }

    private static DifyException NameTaken() => DifyException.Conflict(
        ErrorCodes.DatasetNameDuplicate, "The dataset name already exists. Please modify your dataset name.");

    /// <summary>The named accounts that are members of the workspace, as far as the access level asks for a list.</summary>
    private static async Task<List<Guid>> MembersAsync(
        DifyDbContext db, Actor actor, KnowledgePermission permission, IReadOnlyList<Guid> accounts, CancellationToken cancellationToken)
    {
        if (permission != KnowledgePermission.PartialMembers || accounts.Count == 0)
        {
            return [];
        }

        return await db.Members.Where(m => m.WorkspaceId == actor.WorkspaceId && accounts.Contains(m.AccountId))
            .Select(m => m.AccountId).ToListAsync(cancellationToken);
    }

    private static void AddMembers(DifyDbContext db, KnowledgeBase knowledge, List<Guid> accounts) =>
        db.KnowledgeBaseMembers.AddRange(accounts.Select(account => new KnowledgeBaseMember
        {
            WorkspaceId = knowledge.WorkspaceId,
            KnowledgeBaseId = knowledge.Id,
            AccountId = account,
        }));

    private static async Task SaveAsync(DifyDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException?.Message.Contains("unique", StringComparison.OrdinalIgnoreCase) == true)
        {
            // Two of the same name at the same moment: the index has the last word.
            throw NameTaken();
        }
    }

    private static async Task<List<KnowledgeSummary>> SummariesAsync(
        DifyDbContext db, List<KnowledgeBase> rows, CancellationToken cancellationToken)
    {
        var ids = rows.ConvertAll(k => k.Id);
        var counts = await db.Documents.Where(d => ids.Contains(d.KnowledgeBaseId))
            .GroupBy(d => d.KnowledgeBaseId)
            .Select(group => new
            {
                group.Key,
                All = group.Count(),
                Available = group.Count(d => d.IndexingStatus == IndexingStatus.Completed && d.Enabled && !d.Archived),
                Words = group.Sum(d => (long)d.WordCount),
            })
            .ToDictionaryAsync(row => row.Key, cancellationToken);
        var members = (await db.KnowledgeBaseMembers.AsNoTracking().Where(m => ids.Contains(m.KnowledgeBaseId)).ToListAsync(cancellationToken))
            .ToLookup(m => m.KnowledgeBaseId, m => m.AccountId);
        return rows.ConvertAll(k => counts.TryGetValue(k.Id, out var c)
            ? new KnowledgeSummary(k, c.All, c.Available, c.Words, [.. members[k.Id]])
            : new KnowledgeSummary(k, 0, 0, 0, [.. members[k.Id]]));
    }
}
