namespace Dify.Core.Accounts;

/// <summary>What the owner of an account sees of it; never a hash or a stamp.</summary>
public sealed record AccountProfile(
    Guid Id,
    string Name,
    string Email,
    string InterfaceLanguage,
    string InterfaceTheme,
    string TimeZone,
    DateTimeOffset? LastLoginAt,
    DateTimeOffset CreatedAt);
