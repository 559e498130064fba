using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Workflows.Inputs;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Commands that call an app's API, with its own fields and address.</summary>
internal static class ExampleRequests
{
    public const string KeyPlace = "{api_key}";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="fields">The app's form.</param>
    /// <returns>Pairs of a text key <c>Examples.{key}</c> and a command.</returns>
    public static IReadOnlyList<(string Key, string Text)> For(Core.Apps.App app, string baseAddress, IReadOnlyList<StartField> fields)
    {
        var inputs = Inputs(fields);
        var stop = new JsonObject { ["user"] = "user-123" };
        return app.Mode == AppMode.Workflow
            ?
            [
                ("Workflow", Post($"{baseAddress}/workflows/run", RunBody(inputs, "blocking"), false)),
                ("WorkflowStreaming", Post($"{baseAddress}/workflows/run", RunBody(inputs, "streaming"), true)),
                ("WorkflowStop", Post($"{baseAddress}/workflows/tasks/{{task_id}}/stop", stop, false)),
                ("WorkflowRead", Get($"{baseAddress}/workflows/run/{{workflow_run_id}}")),
            ]
            :
            [
                ("Blocking", Post($"{baseAddress}/chat-messages", Body(inputs, "blocking"), false)),
                ("Streaming", Post($"{baseAddress}/chat-messages", Body(inputs, "streaming"), true)),
                ("Conversation", Post($"{baseAddress}/chat-messages", Body(inputs, "blocking", "{conversation_id}"), false)),
                ("Stop", Post($"{baseAddress}/chat-messages/{{task_id}}/stop", stop, false)),
            ];
    }

    /// <summary>A value for each field that shows its type.</summary>
    public static JsonObject Inputs(IReadOnlyList<StartField> fields)
    {
        var inputs = new JsonObject();
        foreach (var field in fields)
        {
            inputs[field.Variable] = field.Kind switch
            {
                StartField.Number => 1,
                StartField.Checkbox => true,
                StartField.Select => field.Options.Count > 0 ? field.Options[0] : "",
                StartField.Json => new JsonObject { ["key"] = "value" },
                StartField.File => File(),
                StartField.FileList => new JsonArray(File()),
                _ => $"({(field.Label.Length > 0 ? field.Label : field.Variable)})",
            };
        }

        return inputs;
    }

    private static JsonObject File() => new()
    {
        ["type"] = "document", ["transfer_method"] = "local_file", ["upload_file_id"] = "{id from /files/upload}",
    };

    private static JsonObject RunBody(JsonObject inputs, string mode) => new()
    {
        ["inputs"] = inputs.DeepClone(), ["response_mode"] = mode, ["user"] = "user-123",
    };

    private static JsonObject Body(JsonObject inputs, string mode, string? conversation = null) => new()
    {
        ["inputs"] = inputs.DeepClone(),
        ["query"] = "What can you help me with?",
        ["response_mode"] = mode,
        ["conversation_id"] = conversation ?? "",
        ["user"] = "user-123",
    };

    private static string Get(string address) =>
        $"""
        curl '{address}' \
          -H 'Authorization: Bearer {KeyPlace}'
        """.ReplaceLineEndings("\n");

    // A quote ends the shell's string; it goes in as '\''.
    private static string Post(string address, JsonObject body, bool streams) =>
        $"""
        curl {(streams ? "-N " : "")}-X POST '{address}' \
          -H 'Authorization: Bearer {KeyPlace}' \
          -H 'Content-Type: application/json' \
          -d '{body.ToJsonString(Indented).Replace("'", @"'\''", StringComparison.Ordinal)}'
        """.ReplaceLineEndings("\n");
}
