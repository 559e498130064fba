namespace Dify.Core.Accounts.Sessions;

/// <summary>A program's session: the pair of tokens that is valid now, as hashes.</summary>
internal sealed class AccountSession
{
    public Guid Id { get; init; }

    public Guid AccountId { get; init; }

    /// <summary>The account's stamp when the session began; another one means that the password was changed.</summary>
    public required string SecurityStamp { get; init; }

    public required string AccessHash { get; set; }

    public DateTimeOffset AccessExpiresAt { get; set; }

    public required string RefreshHash { get; set; }

    public DateTimeOffset RefreshExpiresAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
