namespace Dify.Core.Accounts.Sessions;

/// <summary>The only time that the tokens are seen: afterwards the store holds hashes.</summary>
public sealed record TokenPair(string AccessToken, string RefreshToken);
