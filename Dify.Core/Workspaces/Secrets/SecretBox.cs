using System.Security.Cryptography;
using System.Text;
using Dify.Core.Common;

namespace Dify.Core.Workspaces.Secrets;

/// <summary>
/// Encrypts credentials at rest (AES-256-GCM) under a key derived from the master key for each workspace. The master
/// key is made at first start in the data folder, or given by <c>SECRET_KEY</c>.
/// </summary>
public sealed class SecretBox
{
    private const string Version = "v1";
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int KeyIdLength = 8;

    private readonly Lazy<byte[]> _masterKey;

    public SecretBox(MasterKey masterKey)
    {
        ArgumentNullException.ThrowIfNull(masterKey);
        _masterKey = new Lazy<byte[]>(masterKey.Read, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>Text that only <see cref="Open"/> with the same workspace and master key can read.</summary>
    public string Seal(Guid workspaceId, string plainText)
    {
        ArgumentNullException.ThrowIfNull(plainText);
        var plain = Encoding.UTF8.GetBytes(plainText);
        var sealedBytes = new byte[NonceSize + TagSize + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(WorkspaceKey(workspaceId), TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize + TagSize), sealedBytes.AsSpan(NonceSize, TagSize));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Version}:{KeyId()}:{Convert.ToBase64String(sealedBytes)}";
    }

    /// <exception cref="DifyException">
    /// 500 <c>secret_key_lost</c>: sealed under another master key. 500 <c>secret_unreadable</c>: altered, cut, or
    /// sealed for another workspace.
    /// </exception>
    public string Open(Guid workspaceId, string sealedText)
    {
        ArgumentNullException.ThrowIfNull(sealedText);
        var parts = sealedText.Split(':');
        if (parts.Length != 3 || parts[0] != Version || parts[1].Length != KeyIdLength || parts[2].Length == 0)
        {
            throw Unreadable(null);
        }

        if (parts[1] != KeyId())
        {
            throw new DifyException(
                ErrorCodes.SecretKeyLost,
                "Stored credentials were encrypted under another master key. Restore keys/master.key of the data folder "
                + "or the former SECRET_KEY, or enter the credentials again.",
                500);
        }

        try
        {
            var sealedBytes = Convert.FromBase64String(parts[2]).AsSpan();
            if (sealedBytes.Length < NonceSize + TagSize)
            {
                throw Unreadable(null);
            }

            var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
            using var aes = new AesGcm(WorkspaceKey(workspaceId), TagSize);
            aes.Decrypt(
                sealedBytes[..NonceSize], sealedBytes[(NonceSize + TagSize)..], sealedBytes[NonceSize..(NonceSize + TagSize)], plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception failure) when (failure is FormatException or CryptographicException)
        {
            throw Unreadable(failure);
        }
    }

    /// <summary>A key of 32 bytes for another purpose (signing tokens, links), stable as long as the master key is.</summary>
    public byte[] DeriveKey(string purpose)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(purpose);
        return HKDF.DeriveKey(
            HashAlgorithmName.SHA256, _masterKey.Value, 32, info: Encoding.UTF8.GetBytes("dify:purpose:" + purpose));
    }

    private byte[] WorkspaceKey(Guid workspaceId) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _masterKey.Value, 32, info: Encoding.UTF8.GetBytes($"dify:workspace:{workspaceId:N}"));

    /// <summary>Tells one master key from another without revealing either.</summary>
    private string KeyId() => Convert.ToHexStringLower(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _masterKey.Value, KeyIdLength / 2, info: "dify:key-id"u8.ToArray()));

    private static DifyException Unreadable(Exception? inner) => new(
        ErrorCodes.SecretUnreadable, "Stored credentials cannot be read: they were altered or damaged. Enter them again.", 500, inner);
}
