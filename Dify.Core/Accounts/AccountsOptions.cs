using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Accounts;

/// <summary>Section <c>Accounts</c>; Dify's environment names are mapped to it.</summary>
public sealed class AccountsOptions
{
    /// <summary><c>ALLOW_REGISTER</c>: people may make an account of their own, proven by a mailed code.</summary>
    public bool AllowRegister { get; set; }

    /// <summary><c>INIT_PASSWORD</c>: when set, the first owner must know it to set the program up.</summary>
    public string InitPassword { get; set; } = "";

    /// <summary><c>EDITION</c>, shown to programs; this product is always self-hosted.</summary>
    public string Edition { get; set; } = "SELF_HOSTED";

    /// <summary><c>DEPLOY_ENV</c>: <c>PRODUCTION</c> or <c>TESTING</c>.</summary>
    public string DeployEnvironment { get; set; } = "PRODUCTION";

    [Range(1, 24 * 60)]
    public int AccessTokenMinutes { get; set; } = 60;

    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 30;

    /// <summary>Wrong passwords within the window that lock an account.</summary>
    [Range(1, 100)]
    public int MaxFailedSignIns { get; set; } = 5;

    [Range(1, 24 * 60)]
    public int LockoutMinutes { get; set; } = 15;

    /// <summary>Failed sign-ins from one address within the lock-out window, over all accounts.</summary>
    [Range(1, 100_000)]
    public int MaxFailedSignInsPerAddress { get; set; } = 50;

    /// <summary><c>INVITE_EXPIRY_HOURS</c>.</summary>
    [Range(1, 24 * 365)]
    public int InviteExpiryHours { get; set; } = 72;
}
