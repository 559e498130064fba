using Dify.Core.Apps;
using Dify.Core.Workflows.Inputs;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>How an app is reached from outside: its web address, the API, keys and examples.</summary>
public sealed partial class DevelopPage : ComponentBase
{
    private Core.Apps.App? _app;
    private IReadOnlyList<StartField> _fields = [];

    [Parameter]
    public Guid AppId { get; set; }

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private AppForms Forms { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        if (_app?.Id != AppId)
        {
            var app = await Apps.GetAsync(await Member.GetActorAsync(), AppId);
            _fields = await Forms.ReadAsync(app);
            _app = app;
        }
    }

    private Task<bool> SetAccessAsync(bool site, bool api) => Feedback.TryAsync(
        async () => _app = await Apps.SetAccessAsync(await Member.GetActorAsync(), AppId, site, api));

    private void Show(Core.Apps.App changed) => _app = changed;
}
