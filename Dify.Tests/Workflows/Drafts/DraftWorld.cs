using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Dify.Tests.Support;

namespace Dify.Tests.Workflows.Drafts;

/// <summary>A workspace with an owner and a workflow app.</summary>
internal sealed class DraftWorld : IAsyncDisposable
{
    private DraftWorld(TestDatabase database, Actor owner, App app)
    {
        Database = database;
        Owner = owner;
        App = app;
    }

    public TestDatabase Database { get; }

    public Actor Owner { get; }

    public App App { get; }

    public AppService Apps => Database.Get<AppService>();

    public WorkflowDraftService Drafts => Database.Get<WorkflowDraftService>();

    public WorkflowVersions Versions => Database.Get<WorkflowVersions>();

    public static async Task<DraftWorld> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite, AppMode mode = AppMode.Workflow)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var owner = await AddWorkspaceAsync(database);
        return new DraftWorld(database, owner, await database.Get<AppService>().CreateAsync(owner, new NewApp("Flow", mode)));
    }

    public static async Task<Actor> AddWorkspaceAsync(TestDatabase database)
    {
        var workspace = new Workspace { Name = "Acme" };
        await database.Get<WriteBatcher>().AddAsync(workspace);
        return new Actor(workspace.Id, Guid.CreateVersion7(), Role.Owner);
    }

    public static WorkflowVariable Secret(string value, string id = "s1", string name = "KEY") =>
        new(id, name, WorkflowVariable.Secret, JsonValue.Create(value));

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
