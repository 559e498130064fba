using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workspaces.Secrets;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Turns content into what is stored and back: checks it, encrypts secrets, computes the hash.</summary>
internal sealed class ContentSeal(SecretBox box)
{
    /// <summary>What the console shows instead of a secret.</summary>
    public const string Mask = "********************";

    /// <summary>What Dify's editor sends for a secret that it did not change.</summary>
    private const string Hidden = "[__HIDDEN__]";

    private readonly Lazy<byte[]> _hashKey = new(() => box.DeriveKey("workflow-hash"), LazyThreadSafetyMode.PublicationOnly);

    /// <param name="stored">Where masked secrets keep their value from; null: there is nothing, so they become empty.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> for what breaks a rule.</exception>
    public StoredContent Seal(Guid workspaceId, WorkflowContent content, string? stored = null)
    {
        var graph = WorkflowRules.WriteGraph(content.Graph);
        var features = WorkflowRules.Write(content.Features, "features");
        WorkflowRules.Read(graph, "graph");
        WorkflowRules.Read(features, "features");
        var environment = WorkflowVariableRules.CheckEnvironment(Unmask(workspaceId, content.EnvironmentVariables, stored));
        var conversation = WorkflowVariableRules.CheckConversation(content.ConversationVariables);
        var conversationJson = WriteVariables(conversation, "conversation");
        var sealedSecrets = environment.Select(v => v.IsSecret ? v with { Value = box.Seal(workspaceId, TextOf(v)) } : v);
        return new StoredContent(
            graph, features, WriteVariables(sealedSecrets, "env"), conversationJson,
            Hash(graph, features, environment, conversationJson));
    }

    /// <summary>Replaces only the graph, after the same checks.</summary>
    public StoredContent WithGraph(Guid workspaceId, StoredContent stored, JsonObject graph)
    {
        var json = WorkflowRules.WriteGraph(graph);
        WorkflowRules.Read(json, "graph");
        return stored with
        {
            Graph = json,
            Hash = Hash(json, stored.Features, OpenVariables(workspaceId, stored.EnvironmentVariables), stored.ConversationVariables),
        };
    }

    /// <summary>The content with secrets in clear.</summary>
    public WorkflowContent Open(Guid workspaceId, StoredContent stored) => Read(stored) with
    {
        EnvironmentVariables = OpenVariables(workspaceId, stored.EnvironmentVariables),
    };

    /// <summary>The content with secrets masked; needs no key.</summary>
    public static WorkflowContent OpenMasked(StoredContent stored) => Read(stored) with
    {
        EnvironmentVariables = [.. ReadVariables(stored.EnvironmentVariables).Select(v => v.IsSecret ? v with { Value = Mask } : v)],
    };

    private static WorkflowContent Read(StoredContent stored) => new()
    {
        Graph = WorkflowRules.Read(stored.Graph, "graph"),
        Features = WorkflowRules.Read(stored.Features, "features"),
        ConversationVariables = ReadVariables(stored.ConversationVariables),
    };

    private List<WorkflowVariable> OpenVariables(Guid workspaceId, string json) =>
        [.. ReadVariables(json).Select(v => v.IsSecret ? v with { Value = box.Open(workspaceId, TextOf(v)) } : v)];

    private List<WorkflowVariable> Unmask(Guid workspaceId, IReadOnlyList<WorkflowVariable> given, string? stored)
    {
        if (!given.Any(IsMasked))
        {
            return [.. given];
        }

        var known = stored is null ? [] : ReadVariables(stored).Where(v => v.IsSecret).ToList();
        return [.. given.Select(variable => !IsMasked(variable)
            ? variable
            : variable with
            {
                Value = (known.FirstOrDefault(v => v.Id == variable.Id) ?? known.FirstOrDefault(v => v.Name == variable.Name)) is { } old
                    ? box.Open(workspaceId, TextOf(old))
                    : "",
            })];
    }

    private static bool IsMasked(WorkflowVariable variable) =>
        variable.IsSecret && variable.Value?.GetValueKind() == JsonValueKind.String && TextOf(variable) is Mask or Hidden;

    /// <summary>Secrets count through a keyed hash: whoever may see the hash cannot try secrets against it.</summary>
    private string Hash(string graph, string features, IEnumerable<WorkflowVariable> environment, string conversation)
    {
        var variables = WriteVariables(
            environment.Select(v => v.IsSecret
                ? v with { Value = Convert.ToHexStringLower(HMACSHA256.HashData(_hashKey.Value, Encoding.UTF8.GetBytes(TextOf(v)))) }
                : v),
            "env");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (string[])[graph, features, variables, conversation])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string WriteVariables(IEnumerable<WorkflowVariable> variables, string scope) =>
        WorkflowVariableJson.Write(variables, scope).ToJsonString(JsonDefaults.Wire);

    private static IReadOnlyList<WorkflowVariable> ReadVariables(string json) =>
        WorkflowVariableJson.Read(JsonNode.Parse(json) as JsonArray);

    private static string TextOf(WorkflowVariable variable) => variable.Value?.ToString() ?? "";
}
