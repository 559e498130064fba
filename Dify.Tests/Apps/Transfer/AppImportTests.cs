using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class AppImportTests
{
    private const string Workflow = """
        kind: app
        version: 0.6.0
        x_file: {a: 1.0}
        app: {mode: workflow, name: From file, description: d, icon: 🐱, icon_background: '#123456', x_app: [y]}
        dependencies:
        - {type: marketplace, current_identifier: null, value: {marketplace_plugin_unique_identifier: 'langgenius/deepseek:0.1@aa'}}
        - {type: marketplace, current_identifier: null, value: {marketplace_plugin_unique_identifier: 'langgenius/unused:0.1@bb'}}
        workflow:
          x_workflow: 1
          features: {x_feature: true}
          environment_variables:
          - {id: e1, name: KEY, value_type: secret, value: '', x_variable: z}
          - {id: e2, name: NUMBER, value_type: number, value: 7}
          conversation_variables: []
          graph:
            x_graph: 1
            viewport: {x: 0, y: 0, zoom: 1}
            edges: [{source: a, target: b, x_edge: 1}]
            nodes:
            - {id: a, type: custom, position: {x: 1, y: 2}, x_node: 1, data: {type: start, title: S, x_data: 1, variables: []}}
            - id: b
              type: custom
              position: {x: 1, y: 2}
              data:
                type: llm
                title: Think
                credential_id: kept
                model: {provider: deepseek, name: deepseek-chat, mode: chat, completion_params: {}}
            - {id: t, type: custom, position: {x: 1, y: 2}, data: {type: tool, title: T, provider_id: tavily, provider_type: builtin, tool_name: search, tool_configurations: {}, tool_parameters: {}, credential_id: c1}}
            - {id: k, type: custom, position: {x: 1, y: 2}, data: {type: knowledge-retrieval, title: K, dataset_ids: [not-mine]}}
            - {id: w, type: custom, position: {x: 1, y: 2}, data: {type: robot, title: W}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_workflow_is_made_unpublished_and_its_export_has_every_key_of_the_file(DatabaseKind kind)
    {
        await using var world = await TransferWorld.CreateAsync(kind);
        var result = await world.ImportAsync(Workflow);
        Assert.Equal((ImportStatus.Completed, "", "0.6.0"), (result.Status, result.Error, result.ImportedVersion));
        var app = await world.Apps.GetAsync(world.Actor, result.App!.Id, Stop);
        Assert.Equal(
            ("From file", "d", AppMode.Workflow, "🐱", "#123456", null),
            (app.Name, app.Description, app.Mode, app.Icon, app.IconBackground, app.PublishedAt));

        var export = await world.ExportJsonAsync(app);
        Assert.Equal("""{"a":1.0}""", export["x_file"]!.ToJsonString());
        Assert.Equal("y", (string)export["app"]!["x_app"]![0]!);
        var workflow = export["workflow"]!;
        Assert.Equal((1, true, 1), ((int)workflow["x_workflow"]!, (bool)workflow["features"]!["x_feature"]!, (int)workflow["graph"]!["x_graph"]!));
        Assert.Equal("z", (string)workflow["environment_variables"]![0]!["x_variable"]!);
        Assert.Equal((1, 1), ((int)workflow["graph"]!["edges"]![0]!["x_edge"]!, (int)workflow["graph"]!["nodes"]![0]!["data"]!["x_data"]!));
        Assert.Equal("kept", (string)workflow["graph"]!["nodes"]![1]!["data"]!["credential_id"]!);
        Assert.Null(workflow["graph"]!["nodes"]![2]!["data"]!["credential_id"]);
        Assert.Equal(["langgenius/deepseek"], export["dependencies"]!.AsArray().Select(PluginIds.OfDependency));
        Assert.Equal((0, "0.6.0", "app"), (workflow["rag_pipeline_variables"]!.AsArray().Count, (string)export["version"]!, (string)export["kind"]!));
    }

    [Fact]
    public async Task The_report_says_what_the_app_still_needs()
    {
        await using var world = await TransferWorld.CreateAsync();
        var result = await world.ImportAsync(Workflow);
        var report = result.Report!;
        Assert.Contains(new ReportedNodes("robot", 1, false), report.Nodes);
        Assert.False(report.Nodes[0].Runs);
        Assert.Contains(new ReportedNodes("start", 1, true), report.Nodes);
        var model = Assert.Single(report.Models);
        Assert.Equal(("langgenius/deepseek/deepseek", "deepseek-chat", ReportedState.NotAvailable, "Think"), (model.Provider, model.Name, model.State, model.Nodes[0]));
        Assert.Equal(("tavily", "search", ReportedState.NotAvailable), (report.Tools[0].Provider, report.Tools[0].Name, report.Tools[0].State));
        Assert.Equal(new ReportedKnowledge("k", "K", 1), Assert.Single(report.Knowledge));
        Assert.Equal(["KEY"], report.Secrets);
        Assert.Equal(["langgenius/deepseek", "langgenius/unused"], report.Plugins.Select(plugin => plugin.Id));
        Assert.Contains(report.Changes, change => change.Code == "model_providers");
        Assert.False(report.IsReady);
        Assert.Equal(2, (await world.Imports.CheckDependenciesAsync(world.Actor, result.App!.Id, Stop)).Count);
        Assert.Empty((await world.Imports.ReportAsync(world.Actor, result.App.Id, Stop)).Changes);
    }

    [Fact]
    public async Task What_the_person_says_goes_before_the_file_and_pictures_of_elsewhere_are_kept_for_the_export()
    {
        await using var world = await TransferWorld.CreateAsync();
        var yaml = Workflow.Replace("icon: 🐱", "icon: 0f1e2d3c-file, icon_type: image", StringComparison.Ordinal);
        var app = await world.ImportedAsync(yaml, new ImportWishes { Name = "Mine", Description = "other", IconBackground = "#ffffff" });
        Assert.Equal(("Mine", "other", "🤖", "#ffffff"), (app.Name, app.Description, app.Icon, app.IconBackground));
        var card = (await world.ExportJsonAsync(app))["app"]!;
        Assert.Equal(("0f1e2d3c-file", "image", "Mine"), ((string)card["icon"]!, (string)card["icon_type"]!, (string)card["name"]!));
        var odd = await world.ImportedAsync(Workflow.Replace("'#123456'", "url(javascript:x)", StringComparison.Ordinal));
        Assert.Equal("#FFFFFF", odd.IconBackground);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task An_import_into_a_workflow_replaces_its_draft_and_keeps_its_secrets_and_what_is_published(DatabaseKind kind)
    {
        await using var world = await TransferWorld.CreateAsync(kind);
        var app = await world.ImportedAsync(Workflow);
        var drafts = world.Database.Get<WorkflowDraftService>();
        var content = await drafts.ReadAsync(world.Actor, app.Id, null, Stop);
        await drafts.SaveAsync(world.Actor, app.Id, content with
        {
            EnvironmentVariables = [.. content.EnvironmentVariables.Select(v => v.IsSecret ? v with { Value = "s3cret" } : v)],
        }, cancellationToken: Stop);

        var changed = await world.ImportedAsync(
            Workflow.Replace("title: Think", "title: Think again", StringComparison.Ordinal).Replace("name: From file, ", "", StringComparison.Ordinal),
            new ImportWishes { AppId = app.Id });
        Assert.Equal((app.Id, "From file"), (changed.Id, changed.Name));
        Assert.Contains("Think again", await world.ExportAsync(changed), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", await world.ExportAsync(changed), StringComparison.Ordinal);
        Assert.Contains("s3cret", await world.ExportAsync(changed, secrets: true), StringComparison.Ordinal);
        Assert.True(await world.Exports.HasSecretsAsync(world.Actor, app.Id, Stop));
    }

    [Fact]
    public async Task Only_workflows_of_the_same_workspace_are_overwritten()
    {
        await using var world = await TransferWorld.CreateAsync();
        var theirs = await world.ImportAsync(Workflow, actor: await world.NewWorkspaceAsync());
        Assert.Equal("App not found", (await world.ImportAsync(Workflow, new ImportWishes { AppId = theirs.App!.Id })).Error);
        var chat = await world.Apps.CreateAsync(world.Actor, new NewApp("Chat"), Stop);
        const string refusal = "Only workflow or advanced chat apps can be overwritten";
        Assert.Equal(refusal, (await world.ImportAsync(Workflow, new ImportWishes { AppId = chat.Id })).Error);
        var workflow = await world.ImportedAsync(Workflow);
        Assert.Equal(refusal, (await world.ImportAsync("app: {mode: chat}\nmodel_config: {pre_prompt: x}", new ImportWishes { AppId = workflow.Id })).Error);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_newer_file_waits_ten_minutes_for_the_one_who_sent_it(DatabaseKind kind)
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var world = await TransferWorld.CreateAsync(kind, services => services.AddSingleton<TimeProvider>(time));
        var newer = Workflow.Replace("version: 0.6.0", "version: 9.1.0", StringComparison.Ordinal);
        var pending = await world.ImportAsync(newer, new ImportWishes { Name = "Waited" });
        Assert.Equal((ImportStatus.Pending, null, "9.1.0"), (pending.Status, pending.App, pending.ImportedVersion));

        const string gone = "Import information expired or does not exist";
        Assert.Equal(gone, (await world.Imports.ConfirmAsync(world.Actor with { AccountId = Guid.CreateVersion7() }, pending.Id, Stop)).Error);
        Assert.Equal(gone, (await world.Imports.ConfirmAsync(await world.NewWorkspaceAsync(), pending.Id, Stop)).Error);
        var confirmed = await world.Imports.ConfirmAsync(world.Actor, pending.Id, Stop);
        Assert.Equal((ImportStatus.Completed, "Waited"), (confirmed.Status, confirmed.App!.Name));
        Assert.Equal(gone, (await world.Imports.ConfirmAsync(world.Actor, pending.Id, Stop)).Error);

        var late = await world.ImportAsync(newer);
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.Equal(gone, (await world.Imports.ConfirmAsync(world.Actor, late.Id, Stop)).Error);
    }

    [Fact]
    public async Task Knowledge_of_this_workspace_is_disguised_in_a_file_and_known_again_here_only()
    {
        await using var world = await TransferWorld.CreateAsync();
        var mine = new KnowledgeBase { WorkspaceId = world.Actor.WorkspaceId, Name = "Mine", Retrieval = new RetrievalSettings() };
        await world.Database.Get<WriteBatcher>().AddAsync(mine);
        var foreign = Guid.CreateVersion7();
        var app = await world.ImportedAsync(Workflow.Replace("[not-mine]", $"[{mine.Id}, {foreign}]", StringComparison.Ordinal));
        var yaml = await world.ExportAsync(app);
        Assert.DoesNotContain(mine.Id.ToString(), yaml, StringComparison.Ordinal);
        Assert.Contains(foreign.ToString(), yaml, StringComparison.Ordinal);

        var again = await world.ImportAsync(yaml);
        Assert.Equal(1, Assert.Single(again.Report!.Knowledge).Count);
        var elsewhere = await world.ImportAsync(yaml, actor: await world.NewWorkspaceAsync());
        Assert.Equal(2, Assert.Single(elsewhere.Report!.Knowledge).Count);
    }

    [Theory]
    [InlineData("environment_variables: [{value_type: string, value: x}]", "missing name")]
    [InlineData("environment_variables: [{name: a, value: x}]", "missing value type")]
    [InlineData("environment_variables: [{name: a, value_type: string}]", "missing value")]
    [InlineData("environment_variables: [{name: a, value_type: object, value: {}}]", "not supported value type object")]
    [InlineData("environment_variables: [{name: a, value_type: number, value: x}]", "invalid number value x")]
    [InlineData("conversation_variables: [{name: a, value_type: 'array[object]', value: '[]'}]", "invalid array[object] value []")]
    [InlineData("graph: {nodes: [{id: a, data: {type: start}}, {id: b, data: {type: trigger-webhook}}]}", "Start node and trigger nodes cannot coexist in the same workflow")]
    [InlineData("graph: [1]", "workflow.graph: an object is expected.")]
    public async Task A_file_with_a_broken_part_is_refused_as_a_whole(string part, string error)
    {
        await using var world = await TransferWorld.CreateAsync();
        var result = await world.ImportAsync($"version: 0.6.0\napp: {{mode: workflow, name: x}}\nworkflow:\n  {part}\n");
        Assert.Equal((ImportStatus.Failed, error), (result.Status, result.Error));
        Assert.Equal(0, (await world.Apps.ListAsync(world.Actor, cancellationToken: Stop)).Total);
    }

    [Fact]
    public async Task Values_that_a_hand_written_file_has_without_quotes_are_taken_and_the_later_of_two_names_wins()
    {
        await using var world = await TransferWorld.CreateAsync();
        var app = await world.ImportedAsync("""
            version: 0.6.0
            app: {mode: advanced-chat, name: x}
            workflow:
              environment_variables:
              - {name: a, value_type: string, value: 1}
              - {name: b, value_type: number, value: '2.0'}
              - {name: a, value_type: string, value: on}
              conversation_variables: [{name: c, value_type: integer, value: 3, selector: [conversation, c]}]
            """);
        var workflow = (await world.ExportJsonAsync(app))["workflow"]!;
        Assert.Equal(["a=\"true\"", "b=2.0"], workflow["environment_variables"]!.AsArray().Select(v => $"{v!["name"]}={v["value"]!.ToJsonString()}"));
        Assert.Equal("""["conversation","c"]""", workflow["conversation_variables"]![0]!["selector"]!.ToJsonString());
    }

    [Fact]
    public async Task Members_who_may_not_edit_apps_neither_import_nor_export()
    {
        await using var world = await TransferWorld.CreateAsync();
        var app = await world.ImportedAsync(Workflow);
        var member = world.Actor with { Role = Role.Normal };
        Func<Task>[] calls =
        [
            () => world.ImportAsync(Workflow, actor: member),
            () => world.Imports.ConfirmAsync(member, Guid.CreateVersion7(), Stop),
            () => world.Imports.ReportAsync(member, app.Id, Stop),
            () => world.Imports.CheckDependenciesAsync(member, app.Id, Stop),
            () => world.Exports.ExportAsync(member, app.Id, cancellationToken: Stop),
            () => world.Exports.HasSecretsAsync(member, app.Id, Stop),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(403, (await Assert.ThrowsAsync<DifyException>(call)).Status);
        }
    }

    [Fact]
    public async Task Missing_input_and_unknown_ways_are_told_in_Difys_words()
    {
        await using var world = await TransferWorld.CreateAsync();
        foreach (var (request, error) in ((ImportRequest, string)[])[
            (new ImportRequest(ImportRequest.FromContent), "yaml_content is required when import_mode is yaml-content"),
            (new ImportRequest(ImportRequest.FromUrl), "yaml_url is required when import_mode is yaml-url"),
            (new ImportRequest("x", "y"), "Invalid import_mode: x"),
            (new ImportRequest(ImportRequest.FromUrl, YamlUrl: "x"), "Error fetching YAML from URL: this is not an address.")])
        {
            Assert.Equal(error, (await world.Imports.ImportAsync(world.Actor, request, Stop)).Error);
        }

        var blocked = await world.Imports.ImportAsync(world.Actor, new ImportRequest(ImportRequest.FromUrl, YamlUrl: "http://127.0.0.1/x.yml"), Stop);
        Assert.Contains("egress rule 'loopback'", blocked.Error, StringComparison.Ordinal);
    }
}
