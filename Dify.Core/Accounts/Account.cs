using Microsoft.AspNetCore.Identity;

namespace Dify.Core.Accounts;

/// <summary>A person who signs in to the console. Roles belong to the workspace, not to the account.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public required string Name { get; set; }

    /// <summary><c>en-US</c> or <c>zh-Hans</c>.</summary>
    public string InterfaceLanguage { get; set; } = "en-US";

    /// <summary><c>light</c>, <c>dark</c> or <c>system</c>.</summary>
    public string InterfaceTheme { get; set; } = "system";

    /// <summary>IANA name.</summary>
    public string TimeZone { get; set; } = "UTC";

    public AccountStatus Status { get; set; } = AccountStatus.Active;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastLoginAt { get; set; }

    /// <summary>The last wrong password; failures older than the lock-out window are forgotten.</summary>
    public DateTimeOffset? LastFailedAt { get; set; }
}
