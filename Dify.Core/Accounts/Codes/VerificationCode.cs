namespace Dify.Core.Accounts.Codes;

/// <summary>
/// A code on its way. <see cref="TokenHash"/> names it to the browser that asked; after the right code was typed a new
/// token takes its place and allows one change.
/// </summary>
internal sealed class VerificationCode
{
    public Guid Id { get; init; }

    public CodePurpose Purpose { get; init; }

    public required string Email { get; init; }

    public required string NormalizedEmail { get; init; }

    public required string TokenHash { get; set; }

    /// <summary>Hash of token and code together, so that the store alone cannot be searched for the code.</summary>
    public required string CodeHash { get; set; }

    public int Attempts { get; set; }

    public bool Verified { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
