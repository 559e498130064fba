using System.Security.Cryptography;
using System.Text;
using Dify.Core.Common;
using Microsoft.Extensions.Configuration;

namespace Dify.Core.Workspaces.Secrets;

/// <summary>
/// Where the 32 bytes come from that protect every stored secret: <c>SECRET_KEY</c>, else <c>keys/master.key</c> of the
/// data folder, which is made at first use, readable by its owner only, and never overwritten.
/// </summary>
public sealed class MasterKey(DataFolder folder, IConfiguration configuration)
{
    /// <summary>Values that stand in published example files: whoever uses one has no secret.</summary>
    private static readonly string[] KnownExamples =
    [
        "sk-9f73s3ljTXVcMT3Blb3ljTqtsKiGHXVcMT3BlbkFJLK7U",
        "dify-inner-api-key-change-me-please-0123456789",
    ];

    /// <summary>What is wrong with a given <c>SECRET_KEY</c>, or null. Checked when the program starts.</summary>
    public string? Problem()
    {
        var given = configuration["SECRET_KEY"];
        return string.IsNullOrEmpty(given) ? null
            : KnownExamples.Contains(given) ? "SECRET_KEY is the example value that everybody knows. Make your own: openssl rand -base64 42"
            : Encoding.UTF8.GetByteCount(given) < 32 ? "SECRET_KEY is too short: it needs at least 32 bytes. Make one: openssl rand -base64 42"
            : null;
    }

    /// <exception cref="DifyException">500 <c>secret_key_lost</c> when the key cannot be read or made.</exception>
    public byte[] Read()
    {
        if (Problem() is { } problem)
        {
            throw new DifyException(ErrorCodes.SecretKeyLost, problem, 500);
        }

        if (configuration["SECRET_KEY"] is { Length: > 0 } given)
        {
            return HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(given), 32, info: "dify:master"u8.ToArray());
        }

        var path = folder.PathOf("keys", "master.key");
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }

            var key = Convert.FromBase64String(File.ReadAllText(path).Trim());
            return key.Length == 32 ? key : throw new FormatException("The key has the wrong length.");
        }
        catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new DifyException(
                ErrorCodes.SecretKeyLost,
                "The master key keys/master.key of the data folder cannot be read. Restore it from a backup, or set "
                + "SECRET_KEY; without it stored credentials stay locked.",
                500,
                failure);
        }
    }

    private static void Create(string path)
    {
        var draft = $"{path}.{Guid.CreateVersion7():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process of this deployment was faster: its key is the one.
            File.Delete(draft);
        }
    }
}
