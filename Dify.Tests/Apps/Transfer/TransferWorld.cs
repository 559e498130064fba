using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Apps.Transfer.Yaml;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

/// <summary>A workspace on a store of its own, with what brings apps in and out.</summary>
internal sealed class TransferWorld : IAsyncDisposable
{
    private TransferWorld(TestDatabase database, Actor actor) => (Database, Actor) = (database, actor);

    public TestDatabase Database { get; }

    public Actor Actor { get; }

    public AppImportService Imports => Database.Get<AppImportService>();

    public AppExportService Exports => Database.Get<AppExportService>();

    public AppService Apps => Database.Get<AppService>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TransferWorld> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite, Action<IServiceCollection>? configure = null)
    {
        var database = await TestDatabase.CreateAsync(kind, configure);
        return new TransferWorld(database, await NewWorkspaceAsync(database));
    }

    public Task<Actor> NewWorkspaceAsync() => NewWorkspaceAsync(Database);

    public Task<ImportResult> ImportAsync(string yaml, ImportWishes? wishes = null, Actor? actor = null) =>
        Imports.ImportAsync(actor ?? Actor, new ImportRequest(ImportRequest.FromContent, yaml) { Wishes = wishes ?? new() }, Stop);

    public async Task<App> ImportedAsync(string yaml, ImportWishes? wishes = null)
    {
        var result = await ImportAsync(yaml, wishes);
        Assert.Equal("", result.Error);
        return result.App!;
    }

    public Task<string> ExportAsync(App app, bool secrets = false) => Exports.ExportAsync(Actor, app.Id, secrets, null, Stop);

    public async Task<JsonObject> ExportJsonAsync(App app, bool secrets = false) =>
        (JsonObject)YamlReader.Read(await ExportAsync(app, secrets))!;

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private static async Task<Actor> NewWorkspaceAsync(TestDatabase database)
    {
        var workspace = new Workspace { Name = "Acme" };
        await database.Get<WriteBatcher>().AddAsync(workspace);
        return new Actor(workspace.Id, Guid.CreateVersion7(), Role.Owner);
    }
}
