using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class AppSetupTests
{
    private const string Yaml = """
        version: 0.6.0
        app: {mode: advanced-chat, name: x}
        workflow:
          environment_variables: [{name: KEY, value_type: secret, value: ''}, {name: OTHER, value_type: secret, value: known}]
          graph:
            edges: []
            nodes:
            - {id: s, type: custom, position: {x: 0, y: 0}, data: {type: start, title: S, variables: []}}
            - {id: a, type: custom, position: {x: 0, y: 0}, data: {type: llm, title: A, model: {provider: deepseek, name: chat, mode: chat, completion_params: {temperature: 0.5}}}}
            - {id: b, type: custom, position: {x: 0, y: 0}, data: {type: parameter-extractor, title: B, model: {provider: deepseek, name: chat, mode: chat}}}
            - {id: c, type: custom, position: {x: 0, y: 0}, data: {type: llm, title: C, model: {provider: deepseek, name: other, mode: chat}}}
            - {id: k, type: custom, position: {x: 0, y: 0}, data: {type: knowledge-retrieval, title: K, dataset_ids: [theirs]}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_imported_app_needs_is_filled_in_step_by_step_until_it_is_ready()
    {
        await using var world = await TransferWorld.CreateAsync();
        var setup = world.Database.Get<AppSetupService>();
        var mine = new KnowledgeBase { WorkspaceId = world.Actor.WorkspaceId, Name = "Mine", Retrieval = new RetrievalSettings() };
        await world.Database.Get<WriteBatcher>().AddAsync(mine);
        var app = await world.ImportedAsync(Yaml);

        await setup.ReplaceModelAsync(world.Actor, app.Id, "langgenius/deepseek/deepseek", "chat", BuiltinModels.Extractive, Stop);
        var report = await world.Imports.ReportAsync(world.Actor, app.Id, Stop);
        Assert.Equal(
            [("other", ReportedState.NotAvailable, "C"), (BuiltinModels.Extractive.Name, ReportedState.Ready, "A,B")],
            report.Models.Select(model => (model.Name, model.State, string.Join(',', model.Nodes))).OrderByDescending(model => model.State));
        Assert.Contains("temperature: 0.5", await world.ExportAsync(app), StringComparison.Ordinal);

        await setup.ReplaceModelAsync(world.Actor, app.Id, "langgenius/deepseek/deepseek", "other", BuiltinModels.Extractive, Stop);
        await setup.ChooseKnowledgeAsync(world.Actor, app.Id, "k", [mine.Id], Stop);
        await setup.FillSecretAsync(world.Actor, app.Id, "KEY", "filled", Stop);
        Assert.True((await world.Imports.ReportAsync(world.Actor, app.Id, Stop)).IsReady);
        var secrets = (await world.ExportJsonAsync(app, secrets: true))["workflow"]!["environment_variables"]!.AsArray();
        Assert.Equal(["filled", "known"], secrets.Select(variable => (string)variable!["value"]!));
    }

    [Fact]
    public async Task The_model_of_a_basic_app_is_replaced_too()
    {
        await using var world = await TransferWorld.CreateAsync();
        var app = await world.ImportedAsync("app: {mode: completion, name: x}\nmodel_config: {model: {provider: openai, name: gpt-4o, mode: chat, completion_params: {}}}");
        await world.Database.Get<AppSetupService>().ReplaceModelAsync(world.Actor, app.Id, "openai", "gpt-4o", BuiltinModels.Extractive, Stop);
        Assert.Equal(ReportedState.Ready, Assert.Single((await world.Imports.ReportAsync(world.Actor, app.Id, Stop)).Models).State);
    }

    [Fact]
    public async Task The_rerank_model_of_a_knowledge_step_is_reported_and_replaced()
    {
        await using var world = await TransferWorld.CreateAsync();
        var app = await world.ImportedAsync(Yaml.Replace(
            "dataset_ids: [theirs]",
            "dataset_ids: [theirs], multiple_retrieval_config: {top_k: 2, reranking_mode: reranking_model, reranking_model: {provider: langgenius/cohere/cohere, model: rerank-v3.5}}",
            StringComparison.Ordinal));
        var setup = world.Database.Get<AppSetupService>();
        Assert.Equal((ReportedState.NotAvailable, "K"), await StateAsync("rerank-v3.5"));

        await setup.ReplaceModelAsync(world.Actor, app.Id, "langgenius/cohere/cohere", "rerank-v3.5", BuiltinModels.Overlap, Stop);

        Assert.Equal((ReportedState.Ready, "K"), await StateAsync("overlap"));

        async Task<(ReportedState, string)> StateAsync(string name) =>
            (await world.Imports.ReportAsync(world.Actor, app.Id, Stop)).Models.Single(model => model.Type == "rerank" && model.Name == name) is var found
                ? (found.State, string.Join(',', found.Nodes))
                : default;
    }

    [Fact]
    public async Task Nothing_is_filled_in_without_the_right_or_in_another_workspace()
    {
        await using var world = await TransferWorld.CreateAsync();
        var app = await world.ImportedAsync(Yaml);
        var setup = world.Database.Get<AppSetupService>();
        foreach (var (actor, status) in ((Actor, int)[])[(world.Actor with { Role = Role.Normal }, 403), (await world.NewWorkspaceAsync(), 404)])
        {
            Func<Task>[] calls =
            [
                () => setup.ReplaceModelAsync(actor, app.Id, "a", "b", BuiltinModels.Extractive, Stop),
                () => setup.ChooseKnowledgeAsync(actor, app.Id, "k", [], Stop),
                () => setup.FillSecretAsync(actor, app.Id, "KEY", "x", Stop),
            ];
            foreach (var call in calls)
            {
                Assert.Equal(status, (await Assert.ThrowsAsync<DifyException>(call)).Status);
            }
        }
    }
}
