using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Tools;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Tools;

/// <summary>What the workspace offers to other programs: assistants and knowledge bases as callable tools.</summary>
public sealed partial class ToolsPage : ComponentBase
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private List<Core.Apps.App>? _apps;
    private readonly Dictionary<Guid, IReadOnlyList<StartField>> _forms = [];
    private List<KnowledgeSummary>? _bases;
    private IReadOnlyList<ToolProvider>? _providers;
    private bool _canManageKeys;

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private AppForms Forms { get; set; } = null!;

    [Inject]
    private KnowledgeService Knowledge { get; set; } = null!;

    [Inject]
    private ToolCatalog Catalog { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        var actor = await Member.GetActorAsync();
        _providers = await Catalog.ListAsync(actor);
        _canManageKeys = actor.Can(Permission.ManageApiKeys);
        var apps = await AllAsync(page => Apps.ListPublishedAsync(actor, page, 100, forApi: true));
        foreach (var app in apps)
        {
            _forms[app.Id] = await Forms.ReadAsync(app);
        }

        _apps = apps;
        var bases = actor.Can(Permission.UseKnowledgeBases)
            ? await AllAsync(page => Knowledge.ListAsync(actor, null, page, 100))
            : [];
        _bases = [.. bases.Where(b => b.KnowledgeBase.ApiEnabled)];
    }

    private static async Task<List<T>> AllAsync<T>(Func<int, Task<Page<T>>> list)
    {
        List<T> all = [];
        for (var page = 1; page <= 10; page++)
        {
            var found = await list(page);
            all.AddRange(found.Items);
            if (!found.HasMore)
            {
                break;
            }
        }

        return all;
    }

    private JsonObject Describe(Core.Apps.App app) => app.Mode switch
    {
        AppMode.Workflow => WorkflowDescription.OfRun(app, _forms[app.Id], Addresses.ServiceApi),
        AppMode.AdvancedChat => WorkflowDescription.OfChat(app, _forms[app.Id], Addresses.ServiceApi),
        _ => OpenApiDescription.Of(app, Addresses.ServiceApi),
    };

    private static string Write(JsonObject description) => description.ToJsonString(Indented);
}
