using System.Security.Cryptography;
using System.Text;

namespace Dify.Core.Workspaces.ApiKeys;

/// <summary>The secret text of a key: a prefix that tells its kind, then random letters and digits.</summary>
internal static class ApiKeyToken
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomLength = 32;

    public static string Create(ApiKeyKind kind) => Prefix(kind) + RandomNumberGenerator.GetString(Alphabet, RandomLength);

    public static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static string Hint(string token)
    {
        var shown = token.IndexOf('-', StringComparison.Ordinal) + 4;
        return $"{token[..shown]}…{token[^4..]}";
    }

    /// <summary>Whether a text can be a token at all; saves the store from nonsense.</summary>
    public static bool IsPlausible(string token) =>
        token.Length is > 20 and < 100
        && (token.StartsWith(Prefix(ApiKeyKind.App), StringComparison.Ordinal)
            || token.StartsWith(Prefix(ApiKeyKind.Dataset), StringComparison.Ordinal));

    private static string Prefix(ApiKeyKind kind) => kind == ApiKeyKind.App ? "app-" : "dataset-";
}
