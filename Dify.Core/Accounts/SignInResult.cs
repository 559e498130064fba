namespace Dify.Core.Accounts;

public enum SignInOutcome
{
    Success,
    AccountNotFound,
    Mismatch,
    Locked,
    Banned,
}

/// <summary>How a sign-in ended.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Account">The account, on success only.</param>
/// <param name="RegistrationToken">
/// With <see cref="SignInOutcome.AccountNotFound"/> where registration is allowed: names the code that was mailed.
/// </param>
public sealed record SignInResult(SignInOutcome Outcome, Account? Account = null, string? RegistrationToken = null);
