using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Accounts;

public sealed class SetupTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Of_many_simultaneous_setups_exactly_one_makes_an_owner(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        var setup = world.Get<SetupService>();
        var tries = Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await setup.SetUpAsync($"owner{i}@example.com", "Owner", AccountWorld.Password, cancellationToken: AccountWorld.Stop);
                return "made";
            }
            catch (DifyException e)
            {
                return e.Code;
            }
        });
        var outcomes = await Task.WhenAll(tries);

        Assert.Single(outcomes, "made");
        Assert.Equal(7, outcomes.Count(o => o == ErrorCodes.AlreadySetup));
        await using var db = await world.Database.Contexts.CreateDbContextAsync(AccountWorld.Stop);
        Assert.Equal(1, await db.Accounts.CountAsync(AccountWorld.Stop));
        Assert.Equal(1, await db.Workspaces.CountAsync(AccountWorld.Stop));
        Assert.Equal(Role.Owner, (await db.Members.SingleAsync(AccountWorld.Stop)).Role);
    }

    [Fact]
    public async Task The_setup_is_closed_for_ever_after_the_first_owner()
    {
        await using var world = await AccountWorld.CreateAsync();
        Assert.False(await world.Get<SetupService>().IsSetUpAsync(AccountWorld.Stop));
        await world.SetUpAsync();
        Assert.True(await world.Get<SetupService>().IsSetUpAsync(AccountWorld.Stop));
        var refused = await Assert.ThrowsAsync<DifyException>(() => world.Get<SetupService>()
            .SetUpAsync("second@example.com", "Second", AccountWorld.Password, cancellationToken: AccountWorld.Stop));
        Assert.Equal((ErrorCodes.AlreadySetup, 409), (refused.Code, refused.Status));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("wrong", false)]
    [InlineData("s3cret-start", true)]
    public async Task Where_the_operator_set_one_the_init_password_must_be_known(string? given, bool works)
    {
        await using var world = await AccountWorld.CreateAsync(settings: ("Accounts:InitPassword", "s3cret-start"));
        var setup = world.Get<SetupService>();
        Assert.True(setup.NeedsInitPassword);
        var failure = await Record.ExceptionAsync(() => setup.SetUpAsync(
            AccountWorld.OwnerEmail, "Owner", AccountWorld.Password, given, cancellationToken: AccountWorld.Stop));
        Assert.Equal(works ? null : ErrorCodes.InitValidateFailed, (failure as DifyException)?.Code);
        Assert.Equal(works, await setup.IsSetUpAsync(AccountWorld.Stop));
    }

    [Theory]
    [InlineData("no-address", "Ann", "abcd1234", ErrorCodes.InvalidEmail)]
    [InlineData("a@example.com", "", "abcd1234", ErrorCodes.InvalidParam)]
    [InlineData("a@example.com", "Ann", "abcdefgh", ErrorCodes.InvalidPassword)]
    [InlineData("a@example.com", "Ann", null, ErrorCodes.InvalidPassword)]
    public async Task A_setup_with_a_wrong_field_makes_nothing(string email, string name, string? password, string code)
    {
        await using var world = await AccountWorld.CreateAsync();
        var refused = await Assert.ThrowsAsync<DifyException>(() => world.Get<SetupService>()
            .SetUpAsync(email, name, password, cancellationToken: AccountWorld.Stop));
        Assert.Equal(code, refused.Code);
        Assert.False(await world.Get<SetupService>().IsSetUpAsync(AccountWorld.Stop));
    }
}
