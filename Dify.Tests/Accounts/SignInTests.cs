using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Accounts;

public sealed class SignInTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Five_wrong_passwords_lock_the_account_for_fifteen_minutes(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        await world.SetUpAsync();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(SignInOutcome.Mismatch, await TryAsync(world, "wrong1password"));
        }

        Assert.Equal(SignInOutcome.Locked, await TryAsync(world, "wrong1password"));
        Assert.Equal(SignInOutcome.Locked, await TryAsync(world, AccountWorld.Password));
        world.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(SignInOutcome.Locked, await TryAsync(world, AccountWorld.Password));
        world.Time.Advance(TimeSpan.FromMinutes(1.1));
        Assert.Equal(SignInOutcome.Success, await TryAsync(world, AccountWorld.Password));
    }

    [Fact]
    public async Task Wrong_passwords_are_forgotten_after_the_window_and_after_a_success()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(SignInOutcome.Mismatch, await TryAsync(world, "wrong1password"));
            }

            if (round == 0)
            {
                Assert.Equal(SignInOutcome.Success, await TryAsync(world, AccountWorld.Password));
            }
            else
            {
                world.Time.Advance(TimeSpan.FromMinutes(16));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Simultaneous_guesses_are_all_counted(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        await world.SetUpAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TryAsync(world, "wrong1password")));
        Assert.Equal(SignInOutcome.Locked, await TryAsync(world, AccountWorld.Password));
    }

    [Fact]
    public async Task One_network_address_that_tries_many_accounts_is_refused()
    {
        await using var world = await AccountWorld.CreateAsync(settings: ("Accounts:MaxFailedSignInsPerAddress", "20"));
        await world.SetUpAsync();
        for (var i = 0; i < 20; i++)
        {
            await TryAsync(world, "wrong1password", $"user{i}@example.com", "203.0.113.9");
        }

        var refused = await Assert.ThrowsAsync<DifyException>(
            () => TryAsync(world, AccountWorld.Password, AccountWorld.OwnerEmail, "203.0.113.9"));
        Assert.Equal((ErrorCodes.TooManyRequests, 429), (refused.Code, refused.Status));
        Assert.InRange(refused.RetryAfterSeconds!.Value, 1, 900);
        Assert.Equal(SignInOutcome.Success, await TryAsync(world, AccountWorld.Password, AccountWorld.OwnerEmail, "203.0.113.10"));
    }

    [Theory]
    [InlineData(AccountStatus.Banned, SignInOutcome.Banned)]
    [InlineData(AccountStatus.Closed, SignInOutcome.AccountNotFound)]
    [InlineData(AccountStatus.Pending, SignInOutcome.AccountNotFound)]
    public async Task An_account_that_is_not_active_does_not_sign_in(AccountStatus status, SignInOutcome expected)
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        await world.SetStatusAsync(owner.AccountId, status);
        Assert.Equal(expected, await TryAsync(world, AccountWorld.Password));
    }

    [Fact]
    public async Task A_banned_account_is_told_only_to_who_knows_the_password()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        await world.SetStatusAsync(owner.AccountId, AccountStatus.Banned);
        Assert.Equal(SignInOutcome.Mismatch, await TryAsync(world, "wrong1password"));
    }

    [Theory]
    [InlineData("OWNER@example.com")]
    [InlineData("  owner@example.com ")]
    public async Task Case_and_spaces_around_an_address_do_not_matter(string email)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        Assert.Equal(SignInOutcome.Success, await TryAsync(world, AccountWorld.Password, email));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task An_unknown_address_gets_a_registration_token_only_where_registration_and_mail_are_on(bool allowed, bool mail)
    {
        await using var world = await AccountWorld.CreateAsync(settings: ("Accounts:AllowRegister", allowed.ToString()));
        await world.SetUpAsync();
        world.Mail.IsConfigured = mail;
        var result = await world.Get<SignInService>().SignInAsync(
            "new@example.com", AccountWorld.Password, null, cancellationToken: AccountWorld.Stop);
        Assert.Equal(SignInOutcome.AccountNotFound, result.Outcome);
        Assert.Equal(allowed && mail, result.RegistrationToken is not null);
    }

    [Fact]
    public async Task An_unknown_address_costs_as_much_work_as_a_known_one()
    {
        var hasher = new CountingHasher();
        await using var world = await AccountWorld.CreateAsync(configure: services => services.AddSingleton<IPasswordHasher<Account>>(hasher));
        await world.SetUpAsync();
        await TryAsync(world, "wrong1password");
        Assert.Equal(1, hasher.Checks);
        await TryAsync(world, "wrong1password", "nobody@example.com");
        Assert.Equal(2, hasher.Checks);
    }

    private static async Task<SignInOutcome> TryAsync(
        AccountWorld world, string password, string email = AccountWorld.OwnerEmail, string? from = null) =>
        (await world.Get<SignInService>().SignInAsync(email, password, from, cancellationToken: AccountWorld.Stop)).Outcome;

    private sealed class CountingHasher : PasswordHasher<Account>
    {
        public int Checks { get; private set; }

        public override PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Checks++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
