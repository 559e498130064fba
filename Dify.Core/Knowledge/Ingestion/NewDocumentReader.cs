using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Extraction;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>Checks what comes to be added to a base before anything is written, and brings texts into files.</summary>
internal sealed class NewDocumentReader(
    IDbContextFactory<DifyDbContext> contexts, FileService files, ModelRuntime models, IOptions<UploadLimits> limits, TimeProvider time)
{
    /// <summary>Files to index, each with the name that its document gets, and the checked rule.</summary>
    public async Task<(List<(UploadedFile File, string Name)> Files, ProcessRule Rule)> ReadAsync(
        Actor actor, NewDocuments request, CancellationToken cancellationToken)
    {
        var rule = request.ProcessRule.Validated();
        var count = request.FileIds.Count + request.Texts.Count;
        if (count == 0)
        {
            throw DifyException.Invalid("There is nothing to add. Send a file or a text.");
        }

        if (count > limits.Value.BatchCount)
        {
            throw new DifyException(
                ErrorCodes.TooManyFiles, $"At most {limits.Value.BatchCount} documents can be added at once. Send the rest afterwards.");
        }

        if (request.FileIds.Distinct().Count() != request.FileIds.Count)
        {
            throw DifyException.Invalid("The same file is named twice.");
        }

        var named = new List<(UploadedFile, string)>(count);
        foreach (var file in await files.GetManyAsync(actor.WorkspaceId, request.FileIds, cancellationToken))
        {
            await RequireReadableAsync(actor, file, cancellationToken);
            named.Add((file, file.Name));
        }

        foreach (var text in request.Texts)
        {
            Check(text);
        }

        foreach (var text in request.Texts)
        {
            named.Add((await StoreAsync(actor, text, cancellationToken), KnowledgeRules.DocumentName(text.Name)));
        }

        return (named, rule);
    }

    /// <summary>A supported file that the actor sent, or that stands in a base which the actor may see.</summary>
    public async Task RequireReadableAsync(Actor actor, UploadedFile file, CancellationToken cancellationToken)
    {
        if (file.AccountId != actor.AccountId)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var visible = db.Visible(actor);
            if (!await db.Documents.AnyAsync(
                d => d.FileId == file.Id && visible.Any(k => k.Id == d.KnowledgeBaseId), cancellationToken))
            {
                throw new DifyException(ErrorCodes.FileNotFound, "There is no such file. Upload it again.", 404);
            }
        }

        if (!DocumentTypes.Extensions.Contains(file.Extension))
        {
            throw DocumentReader.Unsupported(file.Extension);
        }

        if (file.Size > limits.Value.FileSizeBytes)
        {
            throw TooLarge();
        }
    }

    /// <summary>The embedding model that a base gets with its first documents; null where it needs none or has one.</summary>
    public async Task<(IndexingTechnique Technique, ModelReference? Model)> ChooseIndexAsync(
        Actor actor, KnowledgeBase knowledge, NewDocuments request, CancellationToken cancellationToken)
    {
        var technique = knowledge.IndexingTechnique ?? request.IndexingTechnique
            ?? throw DifyException.Invalid("indexing_technique is required: 'high_quality' or 'economy'.");
        if (technique == IndexingTechnique.Economy || knowledge.EmbeddingModel is not null)
        {
            return (technique, null);
        }

        var wanted = request is { EmbeddingProvider.Length: > 0, EmbeddingModel.Length: > 0 }
            ? ModelReference.Parse(request.EmbeddingProvider, request.EmbeddingModel)
            : null;
        var model = await models.GetEmbeddingModelAsync(actor.WorkspaceId, wanted, cancellationToken);
        return (technique, model.Descriptor.Reference);
    }

    /// <summary>Names an upload as Dify does: the time to the second and six random digits.</summary>
    public string NewBatch() => time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)
        + RandomNumberGenerator.GetInt32(100_000, 1_000_000).ToString(CultureInfo.InvariantCulture);

    private void Check(NewTextDocument text)
    {
        _ = KnowledgeRules.DocumentName(text.Name);
        if (string.IsNullOrWhiteSpace(text.Text))
        {
            throw DifyException.Invalid("text is required and must not be empty.");
        }

        if (text.Text.Length > limits.Value.FileSizeBytes || Encoding.UTF8.GetByteCount(text.Text) > limits.Value.FileSizeBytes)
        {
            throw TooLarge();
        }
    }

    private async Task<UploadedFile> StoreAsync(Actor actor, NewTextDocument text, CancellationToken cancellationToken)
    {
        var name = KnowledgeRules.DocumentName(text.Name);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Cleaning.TextCleaner.Repair(text.Text)));
        return await files.SaveAsync(
            actor.WorkspaceId, name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? name : name + ".txt",
            "text/plain", content, limits.Value.FileSizeBytes, actor.AccountId, null, cancellationToken);
    }

    private DifyException TooLarge() => new(
        ErrorCodes.FileTooLarge, $"A document may have at most {limits.Value.FileSizeMegabytes} MB. Split it, or send a smaller one.", 413);
}
