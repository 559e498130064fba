using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer;

/// <summary>
/// Ids of knowledge bases in files, disguised for one workspace as Dify does it: AES-256-CBC with the SHA-256 of the
/// workspace's id as key and its first half as start value. It hides ids from readers of the file; it protects nothing.
/// </summary>
internal static class DatasetIds
{
    private const int LongestText = 512;

    public static string Disguise(Guid workspaceId, string id)
    {
        if (!Guid.TryParse(id, out _))
        {
            return id;
        }

        using var aes = Aes.Create();
        aes.Key = Key(workspaceId);
        return Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(id), aes.Key.AsSpan(0, 16)));
    }

    /// <summary>The id, where this workspace disguised it; what another installation wrote stays as it is.</summary>
    public static string Reveal(Guid workspaceId, string text)
    {
        var bytes = new byte[LongestText];
        if (text.Length > LongestText || Guid.TryParse(text, out _)
            || !Convert.TryFromBase64String(text, bytes, out var length) || length == 0 || length % 16 != 0)
        {
            return text;
        }

        using var aes = Aes.Create();
        aes.Key = Key(workspaceId);
        try
        {
            var id = Encoding.UTF8.GetString(aes.DecryptCbc(bytes.AsSpan(0, length), aes.Key.AsSpan(0, 16)));
            return Guid.TryParse(id, out _) ? id : text;
        }
        catch (CryptographicException)
        {
            return text;
        }
    }

    /// <summary>Changes the ids of every knowledge-retrieval node of a graph in place.</summary>
    public static void Change(JsonObject graph, Func<string, string> change)
    {
        foreach (var data in NodesOf(graph, "knowledge-retrieval"))
        {
            if (data["dataset_ids"] is JsonArray ids)
            {
                data["dataset_ids"] = new JsonArray([.. ids.Select(id =>
                    id is JsonValue value && value.TryGetValue<string>(out var text) ? change(text) : id?.DeepClone())]);
            }
        }
    }

    /// <summary>The data of all nodes of a type.</summary>
    public static IEnumerable<JsonObject> NodesOf(JsonObject graph, string type) =>
        (graph["nodes"] as JsonArray ?? []).OfType<JsonObject>().Select(node => node["data"]).OfType<JsonObject>()
            .Where(data => data["type"] is JsonValue value && value.ToString() == type);

    private static byte[] Key(Guid workspaceId) => SHA256.HashData(Encoding.UTF8.GetBytes(workspaceId.ToString()));
}
