using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Runs;

/// <summary>A finished node as a row, and back.</summary>
internal static class StoredNode
{
    private const string OutputsName = "outputs";
    private const string UpdatesName = "updates";
    private const string StreamedName = "streamed";

    /// <param name="seal">Encrypts what is masked.</param>
    public static void Fill(
        NodeExecution row, NodeResult result, int retries, DateTimeOffset finishedAt, IReadOnlyList<StreamedText> streamed,
        RunSecrets? secrets, Func<string, string>? seal)
    {
        row.Status = result.Status;
        row.Inputs = StoredJson.Write(result.Inputs, secrets);
        row.ProcessData = StoredJson.Write(result.ProcessData, secrets);
        row.Handle = result.EdgeSourceHandle;
        row.Metadata = StoredJson.Write(result.Metadata, secrets);
        row.Error = StoredJson.Clean(result.Error is { } error && secrets is not null ? secrets.Hide(error) : result.Error);
        row.ErrorType = result.ErrorType;
        row.Retries = retries;
        row.ElapsedSeconds = (finishedAt - row.CreatedAt).TotalSeconds;
        row.FinishedAt = finishedAt;
        row.TotalTokens = result.Metadata["total_tokens"] is JsonValue tokens && tokens.TryGetValue<int>(out var count) ? count : 0;
        var isMasked = false;
        row.Outputs = Whole(result.Outputs, secrets, ref isMasked);
        row.Updates = result.Updates.Count > 0 ? Whole(Write(result.Updates), secrets, ref isMasked) : null;
        row.Streamed = streamed.Count > 0 ? Whole(Write(streamed), secrets, ref isMasked) : null;
        if (isMasked && seal is not null)
        {
            var whole = new JsonObject
            {
                [OutputsName] = result.Outputs.DeepClone(),
                [UpdatesName] = Write(result.Updates),
                [StreamedName] = Write(streamed),
            };
            row.SealedOutputs = seal(StoredJson.WriteWhole(whole, null, out _));
        }
    }

    /// <param name="unseal">Decrypts what <see cref="Fill"/> encrypted.</param>
    public static FinishedNode Read(NodeExecution row, Func<string, string> unseal)
    {
        var whole = row.SealedOutputs is { } sealedOutputs ? StoredJson.Read(unseal(sealedOutputs)) : null;
        var result = new NodeResult
        {
            Status = row.Status,
            Inputs = StoredJson.Read(row.Inputs),
            ProcessData = StoredJson.Read(row.ProcessData),
            Outputs = whole is null ? StoredJson.Read(row.Outputs) : whole[OutputsName]!.DeepClone().AsObject(),
            Updates = ReadUpdates(whole is null ? Parse(row.Updates) : whole[UpdatesName] as JsonArray),
            Metadata = StoredJson.Read(row.Metadata),
            EdgeSourceHandle = row.Handle,
            Error = row.Error,
            ErrorType = row.ErrorType,
        };
        return new FinishedNode(
            row.Id, row.NodeId, row.NodeType, row.Title, result, FailuresOf(row), row.CreatedAt, row.FinishedAt ?? row.CreatedAt)
        {
            Index = row.Index,
            PredecessorNodeId = row.PredecessorNodeId,
            Streamed = ReadStreamed(whole is null ? Parse(row.Streamed) : whole[StreamedName] as JsonArray),
        };
    }

    /// <summary>What it wrote to other variables, secrets masked.</summary>
    public static IReadOnlyList<VariableUpdate> ReadUpdates(NodeExecution row) => ReadUpdates(Parse(row.Updates));

    /// <summary>Attempts that failed: the last one too, unless it went well.</summary>
    public static int RetriesOf(FinishedNode finished) =>
        finished.Result.Status == NodeStatus.Succeeded ? finished.Failures : Math.Max(0, finished.Failures - 1);

    private static int FailuresOf(NodeExecution row) => row.Status == NodeStatus.Succeeded ? row.Retries : row.Retries + 1;

    private static string Whole(JsonNode values, RunSecrets? secrets, ref bool isMasked)
    {
        var json = StoredJson.WriteWhole(values, secrets, out var masked);
        isMasked |= masked;
        return json;
    }

    private static JsonArray? Parse(string? json) => json is null ? null : StoredJson.ReadList(json);

    private static JsonArray Write(IReadOnlyList<VariableUpdate> updates) =>
    [
        .. updates.Select(update => new JsonObject
        {
            ["selector"] = new JsonArray([.. update.Selector.Select(part => JsonValue.Create(part))]),
            ["value"] = update.Value?.DeepClone(),
        }),
    ];

    private static JsonArray Write(IReadOnlyList<StreamedText> streamed) =>
        [.. streamed.Select(said => new JsonObject { ["name"] = said.Name, ["text"] = said.Text, ["closed"] = said.IsClosed })];

    private static List<VariableUpdate> ReadUpdates(JsonArray? updates) =>
    [
        .. (updates ?? []).OfType<JsonObject>().Select(update => new VariableUpdate(
            [.. update["selector"]!.AsArray().Select(part => part!.ToString())], update["value"]?.DeepClone())),
    ];

    private static List<StreamedText> ReadStreamed(JsonArray? streamed) =>
    [
        .. (streamed ?? []).OfType<JsonObject>().Select(said => new StreamedText(
            said["name"]!.ToString(), said["text"]?.ToString(), said["closed"]!.GetValue<bool>())),
    ];
}
