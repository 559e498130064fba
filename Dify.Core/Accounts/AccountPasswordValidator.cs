using Microsoft.AspNetCore.Identity;

namespace Dify.Core.Accounts;

/// <summary>Identity asks the one rule of <see cref="AccountRules"/> in place of its own.</summary>
internal sealed class AccountPasswordValidator : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(AccountRules.IsPassword(password)
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = "invalid_password", Description = "The password breaks the rule." }));
}
