using Dify.Core.Accounts;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Architecture;

public sealed class StoreModelTests
{
    [Fact]
    public async Task Every_row_of_a_tenant_names_its_workspace()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        // Accounts belong to no workspace; neither does the mark that the program was set up.
        var accountSpace = typeof(Account).Namespace!;
        var offenders = db.Model.GetEntityTypes()
            .Where(e => e.ClrType != typeof(Workspace) && e.ClrType != typeof(SetupRecord))
            .Where(e => !e.ClrType.Namespace!.StartsWith(accountSpace, StringComparison.Ordinal) && !e.ClrType.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal))
            .Where(e => e.FindProperty("WorkspaceId") is null)
            .Select(e => e.ClrType.FullName)
            .ToList();
        Assert.Empty(offenders);
        Assert.True(db.Model.GetEntityTypes().Count() > 10, "The model was not read.");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Every_foreign_key_and_workspace_column_can_be_searched_by_an_index(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var offenders = db.Model.GetEntityTypes()
            .SelectMany(e => e.GetForeignKeys().Select(key => (e, first: key.Properties[0])))
            .Where(p => !p.e.GetIndexes().Any(i => i.Properties[0] == p.first) && p.e.FindPrimaryKey()!.Properties[0] != p.first)
            .Select(p => $"{p.e.ClrType.Name}.{p.first.Name}")
            .ToList();
        Assert.Empty(offenders);
    }
}
