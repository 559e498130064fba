using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Runs;

/// <summary>A finished node as a row, and back.</summary>
internal static class StoredNode
{
    private const string OutputsName = "outputs";
    private const string UpdatesName = "updates";
    private const string SelectorName = "selector";
    private const string ValueName = "value";

    /// <param name="seal">Encrypts what is masked.</param>
    public static void Fill(
        NodeExecution row, NodeResult result, int retries, DateTimeOffset finishedAt, RunSecrets? secrets, Func<string, string>? seal)
    {
        row.Status = result.Status;
        row.Inputs = StoredJson.Write(result.Inputs, secrets);
        row.ProcessData = StoredJson.Write(result.ProcessData, secrets);
        row.Outputs = StoredJson.WriteWhole(result.Outputs, secrets, out var masksOutputs);
        row.Handle = result.EdgeSourceHandle;
        row.Metadata = StoredJson.Write(result.Metadata, secrets);
        row.Error = StoredJson.Clean(result.Error is { } error && secrets is not null ? secrets.Hide(error) : result.Error);
        row.ErrorType = result.ErrorType;
        row.Retries = retries;
        row.ElapsedSeconds = (finishedAt - row.CreatedAt).TotalSeconds;
        row.FinishedAt = finishedAt;
        row.TotalTokens = result.Metadata["total_tokens"] is JsonValue tokens && tokens.TryGetValue<int>(out var count) ? count : 0;
        var masksUpdates = false;
        if (result.Updates.Count > 0)
        {
            row.Updates = StoredJson.WriteWhole(Write(result.Updates), secrets, out masksUpdates);
        }

        if ((masksOutputs || masksUpdates) && seal is not null)
        {
            var whole = new JsonObject { [OutputsName] = result.Outputs.DeepClone(), [UpdatesName] = Write(result.Updates) };
            row.SealedOutputs = seal(StoredJson.WriteWhole(whole, null, out _));
        }
    }

    /// <param name="unseal">Decrypts what <see cref="Fill"/> encrypted.</param>
    public static FinishedNode Read(NodeExecution row, Func<string, string> unseal)
    {
        JsonObject outputs;
        JsonNode? updates;
        if (row.SealedOutputs is { } sealedOutputs)
        {
            var whole = StoredJson.Read(unseal(sealedOutputs));
            (outputs, updates) = (whole[OutputsName]!.DeepClone().AsObject(), whole[UpdatesName]);
        }
        else
        {
            (outputs, updates) = (StoredJson.Read(row.Outputs), row.Updates is { } stored ? JsonNode.Parse(stored) : null);
        }

        var result = new NodeResult
        {
            Status = row.Status,
            Inputs = StoredJson.Read(row.Inputs),
            ProcessData = StoredJson.Read(row.ProcessData),
            Outputs = outputs,
            Updates = Read(updates as JsonArray),
            Metadata = StoredJson.Read(row.Metadata),
            EdgeSourceHandle = row.Handle,
            Error = row.Error,
            ErrorType = row.ErrorType,
        };
        return new FinishedNode(
            row.Id, row.NodeId, row.NodeType, row.Title, result, FailuresOf(row), row.CreatedAt, row.FinishedAt ?? row.CreatedAt)
        {
            Index = row.Index,
        };
    }

    /// <summary>Attempts that failed: the last one too, unless it went well.</summary>
    public static int RetriesOf(FinishedNode finished) =>
        finished.Result.Status == NodeStatus.Succeeded ? finished.Failures : Math.Max(0, finished.Failures - 1);

    private static int FailuresOf(NodeExecution row) => row.Status == NodeStatus.Succeeded ? row.Retries : row.Retries + 1;

    private static JsonArray Write(IReadOnlyList<VariableUpdate> updates) =>
    [
        .. updates.Select(update => new JsonObject
        {
            [SelectorName] = new JsonArray([.. update.Selector.Select(part => JsonValue.Create(part))]),
            [ValueName] = update.Value?.DeepClone(),
        }),
    ];

    private static List<VariableUpdate> Read(JsonArray? updates) =>
    [
        .. (updates ?? []).OfType<JsonObject>().Select(update => new VariableUpdate(
            [.. update[SelectorName]!.AsArray().Select(part => part!.ToString())], update[ValueName]?.DeepClone())),
    ];
}
