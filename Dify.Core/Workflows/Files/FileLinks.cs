using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workspaces.Secrets;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Files;

/// <summary>
/// Signed links to stored files, in Dify's form: <c>/files/{id}/file-preview?timestamp=…&amp;nonce=…&amp;sign=…</c> for
/// uploads and <c>/files/tools/{id}.{ext}?…</c> for what a run made. Whoever has a link may read the file until it expires.
/// </summary>
public sealed partial class FileLinks(MasterKey masterKey, IOptions<SiteUrls> urls, IOptions<UploadLimits> limits, TimeProvider time)
{
    private readonly Lazy<byte[]> _key = new(
        () => HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey.Read(), 32, info: "dify:file-links"u8.ToArray()),
        LazyThreadSafetyMode.PublicationOnly);

    /// <summary>A link to a file that somebody sent.</summary>
    public string ToUpload(Guid fileId) => Sign($"/files/{fileId}/file-preview", fileId);

    /// <summary>A link to a file that a run made.</summary>
    /// <param name="extension">Without the dot.</param>
    public string ToProduced(Guid fileId, string extension) =>
        Sign($"/files/tools/{fileId}.{(string.IsNullOrEmpty(extension) ? "bin" : extension)}", fileId);

    /// <summary>A link of now for a stored file value, whose own may have expired; a remote file keeps its address.</summary>
    /// <param name="file">A value that we stored, not one that somebody sends.</param>
    public string? Refresh(JsonObject file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return !Guid.TryParse(file["related_id"]?.ToString(), out var id) ? file["url"]?.ToString()
            : file["transfer_method"]?.ToString() == FileValueBuilder.ToolFile
                ? ToProduced(id, (file["extension"]?.ToString() ?? "").TrimStart('.'))
                : ToUpload(id);
    }

    /// <summary>The text with links of now in place of those that we once signed; what we did not sign stays as it is.</summary>
    public string Renew(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains("&sign=", StringComparison.Ordinal)
            ? SignedLink().Replace(text, link =>
            {
                return !Guid.TryParse(link.Groups["id"].Value, out var id) || !IsOurs(id, long.Parse(link.Groups["time"].Value, CultureInfo.InvariantCulture), link.Groups["nonce"].Value, link.Groups["sign"].Value)
                    ? link.Value
                    : link.Groups["ending"].Success ? ToProduced(id, link.Groups["ending"].Value) : ToUpload(id);
            })
            : text;
    }

    /// <summary>Whether the parts of a link belong to the file and the link is not too old.</summary>
    public bool IsValid(Guid fileId, string? timestamp, string? nonce, string? sign)
    {
        if (nonce is not { Length: > 0 and <= 64 } || sign is not { Length: > 0 and <= 64 }
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }

        var age = time.GetUtcNow().ToUnixTimeSeconds() - seconds;
        return age >= -60 && age <= limits.Value.LinkSeconds
            && IsOurs(fileId, seconds, nonce, sign);
    }

    private bool IsOurs(Guid fileId, long seconds, string nonce, string sign) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(Signature(fileId, seconds, nonce)), Encoding.UTF8.GetBytes(sign));

    private string Sign(string path, Guid fileId)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{urls.Value.FilesBase}{path}?timestamp={seconds}&nonce={nonce}&sign={Signature(fileId, seconds, nonce)}");
    }

    private string Signature(Guid fileId, long seconds, string nonce) => Base64Url.EncodeToString(HMACSHA256.HashData(
        _key.Value, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"file|{fileId:N}|{seconds}|{nonce}"))));

    [GeneratedRegex(
        @"(?:https?://[A-Za-z0-9.:\[\]\-]{1,260})?/files/(?:tools/(?<id>[0-9a-f\-]{36})\.(?<ending>[a-z0-9]{1,20})|(?<id>[0-9a-f\-]{36})/file-preview)"
        + @"\?timestamp=(?<time>[0-9]{1,12})&nonce=(?<nonce>[0-9a-f]{32})&sign=(?<sign>[A-Za-z0-9_\-]{43})",
        RegexOptions.CultureInvariant)]
    private static partial Regex SignedLink();
}
