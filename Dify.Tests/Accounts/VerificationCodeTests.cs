using Dify.Core.Accounts;
using Dify.Core.Accounts.Codes;
using Dify.Core.Accounts.Sessions;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Accounts;

public sealed class VerificationCodeTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_mailed_code_sets_a_new_password_once_and_ends_the_sessions(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        var owner = await world.SetUpAsync();
        var reset = world.Get<PasswordResetService>();
        var session = await world.Get<SessionTokens>().IssueAsync(owner.AccountId, AccountWorld.Stop);
        var token = await reset.RequestAsync(AccountWorld.OwnerEmail, null, "en-US", AccountWorld.Stop);
        var code = await world.Mail.NextCodeAsync();
        var proven = await reset.CheckCodeAsync(AccountWorld.OwnerEmail, token, code, AccountWorld.Stop);
        await AssertCodeErrorAsync(() => reset.CheckCodeAsync(AccountWorld.OwnerEmail, token, code, AccountWorld.Stop));

        await reset.SetPasswordAsync(proven, "another1password", AccountWorld.Stop);
        await AssertTokenErrorAsync(() => reset.SetPasswordAsync(proven, "third1password", AccountWorld.Stop));
        Assert.Null(await world.Get<SessionTokens>().ValidateAsync(session.AccessToken, AccountWorld.Stop));
        Assert.Equal(SignInOutcome.Success, await SignInAsync(world, "another1password"));
        Assert.Equal(SignInOutcome.Mismatch, await SignInAsync(world, AccountWorld.Password));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Five_wrong_codes_void_the_right_one(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        await world.SetUpAsync();
        var reset = world.Get<PasswordResetService>();
        var token = await reset.RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop);
        var code = await world.Mail.NextCodeAsync();
        var wrong = code == "000000" ? "000001" : "000000";
        await Task.WhenAll(Enumerable.Range(0, VerificationCodes.MaxAttempts).Select(
            _ => AssertCodeErrorAsync(() => reset.CheckCodeAsync(AccountWorld.OwnerEmail, token, wrong, AccountWorld.Stop))));
        await AssertCodeErrorAsync(() => reset.CheckCodeAsync(AccountWorld.OwnerEmail, token, code, AccountWorld.Stop));
    }

    [Fact]
    public async Task Codes_and_proofs_end_after_five_minutes()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        var reset = world.Get<PasswordResetService>();
        var token = await reset.RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop);
        var code = await world.Mail.NextCodeAsync();
        world.Time.Advance(TimeSpan.FromMinutes(5.1));
        await AssertCodeErrorAsync(() => reset.CheckCodeAsync(AccountWorld.OwnerEmail, token, code, AccountWorld.Stop));

        token = await reset.RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop);
        var proven = await reset.CheckCodeAsync(AccountWorld.OwnerEmail, token, await world.Mail.NextCodeAsync(), AccountWorld.Stop);
        world.Time.Advance(TimeSpan.FromMinutes(5.1));
        await AssertTokenErrorAsync(() => reset.SetPasswordAsync(proven, "another1password", AccountWorld.Stop));
        Assert.Equal(SignInOutcome.Success, await SignInAsync(world, AccountWorld.Password));
    }

    [Fact]
    public async Task A_new_code_voids_the_older_one()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        var reset = world.Get<PasswordResetService>();
        var oldToken = await reset.RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop);
        var oldCode = await world.Mail.NextCodeAsync();
        await reset.RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop);
        await AssertCodeErrorAsync(() => reset.CheckCodeAsync(AccountWorld.OwnerEmail, oldToken, oldCode, AccountWorld.Stop));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_reset_without_a_proof_changes_nothing(string? token)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        await AssertTokenErrorAsync(() => world.Get<PasswordResetService>().SetPasswordAsync(token, "another1password", AccountWorld.Stop));
        Assert.Equal(SignInOutcome.Success, await SignInAsync(world, AccountWorld.Password));
    }

    [Fact]
    public async Task A_token_that_was_not_checked_or_belongs_to_another_step_is_no_proof()
    {
        await using var world = await AccountWorld.CreateAsync(settings: ("Accounts:AllowRegister", "true"));
        await world.SetUpAsync();
        var (reset, registration) = (world.Get<PasswordResetService>(), world.Get<RegistrationService>());
        var unchecked1 = await reset.RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop);
        await AssertTokenErrorAsync(() => reset.SetPasswordAsync(unchecked1, "another1password", AccountWorld.Stop));
        await world.Mail.NextAsync();

        var token = await registration.RequestAsync("new@example.com", null, null, AccountWorld.Stop);
        var proven = await registration.CheckCodeAsync("new@example.com", token, await world.Mail.NextCodeAsync(), AccountWorld.Stop);
        await AssertTokenErrorAsync(() => reset.SetPasswordAsync(proven, "another1password", AccountWorld.Stop));
    }

    [Fact]
    public async Task An_unknown_address_gets_a_token_like_any_other_and_no_mail()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        var reset = world.Get<PasswordResetService>();
        var unknown = await reset.RequestAsync("nobody@example.com", null, null, AccountWorld.Stop);
        var known = await reset.RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop);
        Assert.Equal(known.Length, unknown.Length);
        Assert.Equal(AccountWorld.OwnerEmail, (await world.Mail.NextAsync()).To);
        Assert.Equal(0, world.Mail.Waiting);
        await AssertCodeErrorAsync(() => reset.CheckCodeAsync("nobody@example.com", unknown, "000000", AccountWorld.Stop));
    }

    [Fact]
    public async Task Asking_for_codes_again_and_again_is_refused_for_known_and_unknown_alike()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        var reset = world.Get<PasswordResetService>();
        foreach (var email in new[] { AccountWorld.OwnerEmail, "nobody@example.com" })
        {
            for (var i = 0; i < 5; i++)
            {
                await reset.RequestAsync(email, null, null, AccountWorld.Stop);
            }

            var refused = await Assert.ThrowsAsync<DifyException>(() => reset.RequestAsync(email, null, null, AccountWorld.Stop));
            Assert.Equal(429, refused.Status);
        }
    }

    [Fact]
    public async Task Without_mail_a_reset_says_so_at_once()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        world.Mail.IsConfigured = false;
        Assert.False(world.Get<PasswordResetService>().IsAvailable);
        var refused = await Assert.ThrowsAsync<DifyException>(
            () => world.Get<PasswordResetService>().RequestAsync(AccountWorld.OwnerEmail, null, null, AccountWorld.Stop));
        Assert.Equal(ErrorCodes.MailNotConfigured, refused.Code);
    }

    [Fact]
    public async Task A_registered_person_owns_a_workspace_of_their_own()
    {
        await using var world = await AccountWorld.CreateAsync(settings: ("Accounts:AllowRegister", "true"));
        var owner = await world.SetUpAsync();
        var registration = world.Get<RegistrationService>();
        var token = await registration.RequestAsync("new@example.com", null, "zh-Hans", AccountWorld.Stop);
        Assert.True(await registration.OwnsAsync(token, AccountWorld.Stop));
        var proven = await registration.CheckCodeAsync("new@example.com", token, await world.Mail.NextCodeAsync(), AccountWorld.Stop);
        var id = await registration.RegisterAsync(proven, "New", AccountWorld.Password, "zh-Hans", "Asia/Shanghai", AccountWorld.Stop);
        var actor = await world.Get<WorkspaceAccess>().GetActorAsync(id, cancellationToken: AccountWorld.Stop);
        Assert.Equal(Role.Owner, actor.Role);
        Assert.NotEqual(owner.WorkspaceId, actor.WorkspaceId);
    }

    [Fact]
    public async Task Registration_is_closed_unless_the_operator_opens_it()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        var refused = await Assert.ThrowsAsync<DifyException>(
            () => world.Get<RegistrationService>().RequestAsync("new@example.com", null, null, AccountWorld.Stop));
        Assert.Equal((ErrorCodes.RegistrationNotAllowed, 403), (refused.Code, refused.Status));
    }

    private static async Task<SignInOutcome> SignInAsync(AccountWorld world, string password) =>
        (await world.Get<SignInService>().SignInAsync(AccountWorld.OwnerEmail, password, null, cancellationToken: AccountWorld.Stop)).Outcome;

    private static async Task AssertCodeErrorAsync(Func<Task> action) =>
        Assert.Equal(ErrorCodes.EmailCodeError, (await Assert.ThrowsAsync<DifyException>(action)).Code);

    private static async Task AssertTokenErrorAsync(Func<Task> action) =>
        Assert.Equal(ErrorCodes.InvalidOrExpiredToken, (await Assert.ThrowsAsync<DifyException>(action)).Code);
}
