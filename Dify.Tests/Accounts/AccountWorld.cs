using Dify.Core.Accounts;
using Dify.Core.Accounts.Mail;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Accounts;

/// <summary>A store with a clock that tests move and a mail server that keeps the mails.</summary>
internal sealed class AccountWorld : IAsyncDisposable
{
    public const string OwnerEmail = "owner@example.com";
    public const string Password = "correct1horse";

    private AccountWorld(TestDatabase database, FakeTimeProvider time, FakeMail mail) =>
        (Database, Time, Mail) = (database, time, mail);

    public TestDatabase Database { get; }

    public FakeTimeProvider Time { get; }

    public FakeMail Mail { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<AccountWorld> CreateAsync(
        DatabaseKind kind = DatabaseKind.Sqlite, Action<IServiceCollection>? configure = null,
        params (string Key, string Value)[] settings)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var mail = new FakeMail();
        var database = await TestDatabase.CreateAsync(
            kind,
            services =>
            {
                services.AddSingleton<TimeProvider>(time).AddSingleton<IMailSender>(mail);
                configure?.Invoke(services);
            },
            settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        await database.Get<MailQueue>().StartAsync(Stop);
        return new AccountWorld(database, time, mail);
    }

    public T Get<T>()
        where T : notnull => Database.Get<T>();

    /// <summary>Sets the program up; the answer is the owner.</summary>
    public async Task<Actor> SetUpAsync()
    {
        var id = await Get<SetupService>().SetUpAsync(OwnerEmail, "Owner", Password, cancellationToken: Stop);
        return await Get<WorkspaceAccess>().GetActorAsync(id, cancellationToken: Stop);
    }

    /// <summary>A further account with a role in a workspace.</summary>
    public async Task<Actor> AddMemberAsync(Guid workspaceId, string email, Role role)
    {
        await using var db = await Database.Contexts.CreateDbContextAsync(Stop);
        var account = Get<NewAccount>().Build(email, email.Split('@')[0], Password);
        db.Accounts.Add(account);
        db.Members.Add(new Member { WorkspaceId = workspaceId, AccountId = account.Id, Role = role, JoinedAt = Time.GetUtcNow() });
        await db.SaveChangesAsync(Stop);
        return new Actor(workspaceId, account.Id, role);
    }

    /// <summary>A second workspace with an owner of its own.</summary>
    public async Task<Actor> AddWorkspaceAsync(string ownerEmail)
    {
        var workspace = new Workspace { Name = "Other", CreatedAt = Time.GetUtcNow() };
        await using (var db = await Database.Contexts.CreateDbContextAsync(Stop))
        {
            db.Workspaces.Add(workspace);
            await db.SaveChangesAsync(Stop);
        }

        return await AddMemberAsync(workspace.Id, ownerEmail, Role.Owner);
    }

    public async Task SetStatusAsync(Guid accountId, AccountStatus status)
    {
        await using var db = await Database.Contexts.CreateDbContextAsync(Stop);
        await db.Accounts.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Status, status), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Get<MailQueue>().StopAsync(CancellationToken.None);
        await Database.DisposeAsync();
    }
}
