using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Commands that call an app's API, with its own fields and address.</summary>
internal static class ExampleRequests
{
    public const string KeyPlace = "{api_key}";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>Pairs of a text key <c>Examples.{key}</c> and a command.</returns>
    public static IReadOnlyList<(string Key, string Text)> For(Core.Apps.App app, string baseAddress)
    {
        var inputs = Inputs(app.Published ?? app.Draft);
        return
        [
            ("Blocking", Post($"{baseAddress}/chat-messages", Body(inputs, "blocking"), false)),
            ("Streaming", Post($"{baseAddress}/chat-messages", Body(inputs, "streaming"), true)),
            ("Conversation", Post($"{baseAddress}/chat-messages", Body(inputs, "blocking", "{conversation_id}"), false)),
            ("Stop", Post($"{baseAddress}/chat-messages/{{task_id}}/stop", new JsonObject { ["user"] = "user-123" }, false)),
        ];
    }

    /// <summary>A value for each field that shows its type.</summary>
    public static JsonObject Inputs(AppModelConfig config)
    {
        var inputs = new JsonObject();
        foreach (var (kind, input) in config.UserInputForm.Select(f => (f.Kind, f.Input)))
        {
            inputs[input.Variable] = kind switch
            {
                VariableRules.Number => 1,
                VariableRules.Checkbox => true,
                VariableRules.Select => input.Options.Count > 0 ? input.Options[0] : "",
                _ => $"({(input.Label.Length > 0 ? input.Label : input.Variable)})",
            };
        }

        return inputs;
    }

    private static JsonObject Body(JsonObject inputs, string mode, string? conversation = null) => new()
    {
        ["inputs"] = inputs.DeepClone(),
        ["query"] = "What can you help me with?",
        ["response_mode"] = mode,
        ["conversation_id"] = conversation ?? "",
        ["user"] = "user-123",
    };

    // A quote ends the shell's string; it goes in as '\''.
    private static string Post(string address, JsonObject body, bool streams) =>
        $"""
        curl {(streams ? "-N " : "")}-X POST '{address}' \
          -H 'Authorization: Bearer {KeyPlace}' \
          -H 'Content-Type: application/json' \
          -d '{body.ToJsonString(Indented).Replace("'", @"'\''", StringComparison.Ordinal)}'
        """.ReplaceLineEndings("\n");
}
