using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Web.Components.Pages.Knowledge.Ingest;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>Does what was asked of documents, with its question before and its notice after.</summary>
internal sealed class DocumentActions(
    DocumentService documents, CurrentMember member, IDialogService dialogs, UserFeedback feedback, IStringLocalizer<KnowledgeText> text)
{
    /// <summary>Documents of one base. True when something changed.</summary>
    public async Task<bool> RunAsync(DocumentAction action, params IReadOnlyList<Document> chosen)
    {
        if (chosen.Count == 0)
        {
            return false;
        }

        var (one, ids) = (chosen[0], chosen.Select(document => document.Id).ToList());
        var baseId = one.KnowledgeBaseId;
        if (action is DocumentAction.Delete && !await ConfirmAsync(chosen))
        {
            return false;
        }

        string? name = null;
        ProcessRule? rule = null;
        if (action is DocumentAction.Rename && (name = await AskNameAsync(one)) is null)
        {
            return false;
        }

        if (action is DocumentAction.ChangeRule && (rule = await AskRuleAsync(one)) is null)
        {
            return false;
        }

        return await feedback.TryAsync(async () =>
        {
            var actor = await member.GetActorAsync();
            await (action switch
            {
                DocumentAction.Enable => documents.SetEnabledAsync(actor, baseId, ids, true),
                DocumentAction.Disable => documents.SetEnabledAsync(actor, baseId, ids, false),
                DocumentAction.Archive => documents.SetArchivedAsync(actor, baseId, ids, true),
                DocumentAction.Unarchive => documents.SetArchivedAsync(actor, baseId, ids, false),
                DocumentAction.Pause => documents.PauseAsync(actor, baseId, one.Id),
                DocumentAction.Resume => documents.ResumeAsync(actor, baseId, one.Id),
                DocumentAction.Retry => documents.RetryAsync(actor, baseId, ids),
                DocumentAction.Delete => documents.DeleteAsync(actor, baseId, ids),
                DocumentAction.Rename => documents.RenameAsync(actor, baseId, one.Id, name!),
                _ => documents.ReprocessAsync(actor, baseId, one.Id, rule!),
            });
        });
    }

    private Task<bool> ConfirmAsync(IReadOnlyList<Document> chosen) => dialogs.ConfirmAsync(
        chosen.Count == 1 ? text["Documents.Delete.One", chosen[0].Name] : text["Documents.Delete.Many", chosen.Count],
        text["Documents.Delete.Message"], text["Action.Delete"]);

    private async Task<string?> AskNameAsync(Document document)
    {
        var parameters = new DialogParameters<RenameDialog> { { d => d.Name, document.Name } };
        var dialog = await dialogs.ShowAsync<RenameDialog>(null, parameters);
        return await dialog.Result is { Canceled: false, Data: string name } ? name : null;
    }

    private async Task<ProcessRule?> AskRuleAsync(Document document)
    {
        var parameters = new DialogParameters<ChunkSettingsDialog> { { d => d.Document, document } };
        var dialog = await dialogs.ShowAsync<ChunkSettingsDialog>(
            null, parameters, new DialogOptions { MaxWidth = MaxWidth.Large, FullWidth = true, BackdropClick = false });
        return await dialog.Result is { Canceled: false, Data: ProcessRule rule } ? rule : null;
    }
}
