using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Xunit;

namespace Dify.Tests.Models;

public sealed class ProviderServiceTests
{
    private const string Key = "sk-canary-0123456789abcdef";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Credentials_are_stored_sealed_and_belong_to_one_workspace(DatabaseKind kind)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync(kind);
        var (mine, foreign) = (Owner(), Owner());
        var providers = database.Get<ProviderService>();
        await providers.SaveAsync(mine, "openai-compatible", Values(fake), Cancelled);

        await using var db = await database.Contexts.CreateDbContextAsync(Cancelled);
        var row = await db.ProviderCredentials.SingleAsync(Cancelled);
        Assert.DoesNotContain("canary", row.SealedValues + string.Join(' ', row.Hints.Values));

        Assert.Equal(ProviderStatus.Ready, (await StateAsync(providers, mine)).Status);
        Assert.Equal(ProviderStatus.NotConfigured, (await StateAsync(providers, foreign)).Status);
        Assert.DoesNotContain(await database.Get<ModelCatalog>().ListAsync(foreign.WorkspaceId, ModelType.Llm, Cancelled), m => m.Reference.Provider != "builtin");
        var refusal = await Assert.ThrowsAnyAsync<DifyException>(() => database.Get<ModelRuntime>().GetChatModelAsync(
            foreign.WorkspaceId, new ModelReference("openai-compatible", "fake-chat"), Cancelled).AsTask());
        Assert.Equal(ErrorCodes.ProviderNotInitialize, refusal.Code);
    }

    [Fact]
    public async Task Only_those_who_manage_models_may_change_them()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        var providers = database.Get<ProviderService>();
        var owner = Owner();
        await providers.SaveAsync(owner, "openai-compatible", Values(fake), Cancelled);
        foreach (var role in new[] { Role.Editor, Role.Normal, Role.DatasetOperator })
        {
            var actor = owner with { Role = role };
            Func<Task>[] forbidden =
            [
                () => providers.SaveAsync(actor, "openai-compatible", Values(fake), Cancelled),
                () => providers.ValidateAsync(actor, "openai-compatible", Values(fake), Cancelled),
                () => providers.RemoveAsync(actor, "openai-compatible", Cancelled),
                () => providers.RefreshModelsAsync(actor, "openai-compatible", Cancelled),
                () => providers.SetDefaultsAsync(actor, new Dictionary<ModelType, ModelReference?>(), Cancelled),
            ];
            foreach (var action in forbidden)
            {
                Assert.Equal(403, (await Assert.ThrowsAsync<DifyException>(action)).Status);
            }
        }

        Assert.Empty((await StateAsync(providers, owner with { Role = Role.Editor })).Hints);
        Assert.Equal("••••cdef", (await StateAsync(providers, owner)).Hints["api_key"]);
        await Assert.ThrowsAsync<DifyException>(() => providers.ListAsync(owner with { Role = Role.Normal }, Cancelled));
    }

    [Fact]
    public async Task Credentials_that_fail_the_check_change_nothing()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        fake.ApiKey = Key;
        await using var database = await TestDatabase.CreateAsync();
        var providers = database.Get<ProviderService>();
        var owner = Owner();
        await providers.SaveAsync(owner, "openai-compatible", Values(fake), Cancelled);
        await Assert.ThrowsAnyAsync<DifyException>(() => providers.SaveAsync(
            owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl, ["api_key"] = "sk-wrong" }, Cancelled));
        var model = await database.Get<ModelRuntime>().GetChatModelAsync(owner.WorkspaceId, new ModelReference("openai-compatible", "fake-chat"), Cancelled);
        Assert.Equal(FakeOpenAiServer.DefaultAnswer, (await model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled)).Text);
    }

    [Fact]
    public async Task A_stored_key_is_kept_for_its_address_and_never_sent_to_another()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var thief = await FakeOpenAiServer.StartAsync();
        fake.ApiKey = Key;
        await using var database = await TestDatabase.CreateAsync();
        var providers = database.Get<ProviderService>();
        var owner = Owner();
        await providers.SaveAsync(owner, "openai-compatible", Values(fake), Cancelled);
        await providers.SaveAsync(owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl + "/", ["context_size"] = "4096" }, Cancelled);
        await providers.SaveAsync(owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = thief.BaseUrl }, Cancelled);
        Assert.NotEmpty(thief.Requests);
        Assert.DoesNotContain(thief.Requests, request => request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task New_credentials_are_used_by_the_next_call_and_removal_goes_back_to_the_builtin_default()
    {
        await using var first = await FakeOpenAiServer.StartAsync();
        await using var second = await FakeOpenAiServer.StartAsync();
        second.OnChat = _ => new FakeOpenAiReply("second");
        await using var database = await TestDatabase.CreateAsync();
        var (providers, runtime, owner) = (database.Get<ProviderService>(), database.Get<ModelRuntime>(), Owner());
        var reference = new ModelReference("openai-compatible", "any-name-at-all");
        await providers.SaveAsync(owner, "openai-compatible", Values(first), Cancelled);
        await providers.SetDefaultsAsync(owner, new Dictionary<ModelType, ModelReference?> { [ModelType.Llm] = reference }, Cancelled);
        var model = await runtime.GetChatModelAsync(owner.WorkspaceId, null, Cancelled);
        Assert.Equal(reference, model.Descriptor.Reference);
        Assert.Same(model, await runtime.GetChatModelAsync(owner.WorkspaceId, reference, Cancelled));

        await providers.SaveAsync(owner, "openai-compatible", Values(second), Cancelled);
        model = await runtime.GetChatModelAsync(owner.WorkspaceId, null, Cancelled);
        Assert.Equal("second", (await model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled)).Text);

        await providers.RemoveAsync(owner, "openai-compatible", Cancelled);
        Assert.Equal(BuiltinModels.Extractive, await database.Get<ModelCatalog>().GetDefaultAsync(owner.WorkspaceId, ModelType.Llm, Cancelled));
        Assert.Equal("builtin", (await runtime.GetChatModelAsync(owner.WorkspaceId, null, Cancelled)).Descriptor.Reference.Provider);
    }

    [Fact]
    public async Task A_server_without_a_model_list_needs_a_model_to_check_with()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        fake.Models = null;
        await using var database = await TestDatabase.CreateAsync();
        var (providers, owner) = (database.Get<ProviderService>(), Owner());
        var failure = await Assert.ThrowsAnyAsync<DifyException>(() => providers.SaveAsync(owner, "openai-compatible", Values(fake), Cancelled));
        Assert.Contains("/v1", failure.Message);
        var values = Values(fake);
        values["check_model"] = "my-model";
        await providers.SaveAsync(owner, "openai-compatible", values, Cancelled);
        Assert.Equal("my-model", Assert.Single((await StateAsync(providers, owner)).Models).Reference.Name);
    }

    [Fact]
    public async Task A_lost_master_key_is_told_in_the_list_and_in_the_call_and_new_credentials_heal_it()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        var (providers, owner) = (database.Get<ProviderService>(), Owner());
        await using (var db = await database.Contexts.CreateDbContextAsync(Cancelled))
        {
            db.ProviderCredentials.Add(new ProviderCredential
            {
                WorkspaceId = owner.WorkspaceId, Provider = "openai-compatible", SealedValues = "v1:00000000:" + new string('A', 64), Hints = [], ListedModels = [],
            });
            await db.SaveChangesAsync(Cancelled);
        }

        var state = await StateAsync(providers, owner);
        Assert.Equal(ProviderStatus.Unreadable, state.Status);
        Assert.Contains("master.key", state.Problem);
        var failure = await Assert.ThrowsAnyAsync<DifyException>(() => database.Get<ModelRuntime>()
            .GetChatModelAsync(owner.WorkspaceId, new ModelReference("openai-compatible", "x"), Cancelled).AsTask());
        Assert.Equal(ErrorCodes.ProviderNotInitialize, failure.Code);
        await providers.SaveAsync(owner, "openai-compatible", Values(fake), Cancelled);
        Assert.Equal(ProviderStatus.Ready, (await StateAsync(providers, owner)).Status);
    }

    private static Actor Owner() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), Role.Owner);

    private static Dictionary<string, string?> Values(FakeOpenAiServer fake) => new() { ["base_url"] = fake.BaseUrl, ["api_key"] = Key };

    private static async Task<ProviderState> StateAsync(ProviderService providers, Actor actor) =>
        (await providers.ListAsync(actor, Cancelled)).Single(state => state.Schema.Id == "openai-compatible");
}
