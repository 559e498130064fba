using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dify.Core.Accounts;

/// <summary>Secrets that travel in links and headers: made by the system's generator, stored only as a hash.</summary>
internal static class SecretText
{
    /// <summary>256 random bits in base64url.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));
}
