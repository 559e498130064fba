using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Knowledge;
using Dify.Core.Models;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio.Transfer;

/// <summary>What an app still needs before it runs here, with what can be done about it in place.</summary>
public sealed partial class SetupPage : ComponentBase
{
    private Core.Apps.App? _app;
    private ImportReport? _report;
    private IReadOnlyList<ReportedChange>? _changes;

    [Parameter]
    public Guid AppId { get; set; }

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private AppImportService Imports { get; set; } = null!;

    [Inject]
    private AppSetupService Setup { get; set; } = null!;

    [Inject]
    private ImportedApps Imported { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private bool CanOpen => _app is { Mode: AppMode.Chat or AppMode.Workflow or AppMode.AdvancedChat };

    private int Missing => _report!.Models.Count(m => m.State != ReportedState.Ready && m.Type == "llm") + _report.Knowledge.Count + _report.Secrets.Count
        + _report.Tools.Count(t => t.State != ReportedState.Ready) + _report.Nodes.Count(n => !n.Runs);

    private string Summary => _report!.IsReady ? Text["Setup.Ready"] : Missing == 0 ? Text["Setup.NothingMissing"] : Text["Setup.Missing", Missing];

    protected override async Task OnParametersSetAsync()
    {
        if (_app?.Id != AppId)
        {
            _app = null;
            _app = await Apps.GetAsync(await Member.GetActorAsync(), AppId);
            _changes = Imported.ChangesOf(AppId);
            await LoadAsync();
        }
    }

    private async Task LoadAsync() => _report = await Imports.ReportAsync(await Member.GetActorAsync(), AppId);

    private Task ReplaceAsync(ModelReplacement replacement) => ChangeAsync(
        async () => await Setup.ReplaceModelAsync(
            await Member.GetActorAsync(), AppId, replacement.Model.Provider, replacement.Model.Name, replacement.By),
        Text["Setup.Models.Replaced", replacement.By.Name]);

    private Task FillAsync(string name, string value) => ChangeAsync(
        async () => await Setup.FillSecretAsync(await Member.GetActorAsync(), AppId, name, value), Text["Setup.Secrets.Saved", name]);

    private async Task ChooseKnowledgeAsync(ReportedKnowledge place)
    {
        var dialog = await Dialogs.ShowAsync<KnowledgePickerDialog>();
        if (await dialog.Result is { Canceled: false, Data: IReadOnlyList<KnowledgeSummary> { Count: > 0 } picked })
        {
            var ids = picked.Select(summary => summary.KnowledgeBase.Id).ToList();
            await ChangeAsync(
                async () => await Setup.ChooseKnowledgeAsync(await Member.GetActorAsync(), AppId, place.NodeId, ids),
                Text["Setup.Knowledge.Chosen", place.Title]);
        }
    }

    private async Task ChangeAsync(Func<Task> change, string done)
    {
        if (await Feedback.TryAsync(async () =>
        {
            await change();
            await LoadAsync();
        }))
        {
            Feedback.Success(done);
        }
    }

    private void ShowInfo(Core.Apps.App changed) => _app = changed;
}
