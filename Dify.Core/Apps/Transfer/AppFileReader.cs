using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer.Yaml;
using Dify.Core.Common;

namespace Dify.Core.Apps.Transfer;

/// <summary>Reads an app file: YAML, or the JSON answer <c>{"data": "&lt;yaml&gt;"}</c> of an export that was saved as it came.</summary>
internal static class AppFileReader
{
    /// <summary>In characters, as Dify counts.</summary>
    public const int LargestFile = 10 * 1024 * 1024;

    public const string TooLarge = "File size exceeds the limit of 10MB";

    /// <exception cref="DifyException"><c>invalid_param</c>, worded as Dify words it where it has words.</exception>
    public static AppFile Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LargestFile)
        {
            throw DifyException.Invalid(TooLarge);
        }

        var root = ReadRoot(text);
        if (root["app"] is null && root["data"] is JsonValue wrapped && wrapped.GetValueKind() == JsonValueKind.String)
        {
            root = ReadRoot(wrapped.ToString());
        }

        var version = DslVersion.Read(root["version"]);
        var status = DslVersion.Decide(version);
        if (status == ImportStatus.Failed)
        {
            throw DifyException.Invalid($"Invalid version: '{version}'");
        }

        if (root["app"] is not JsonObject { Count: > 0 } card)
        {
            throw DifyException.Invalid("Missing app data in YAML content" + WhatElse(root));
        }

        var mode = ReadMode(card["mode"]);
        return new AppFile
        {
            Root = root,
            Version = version,
            Status = status,
            Mode = mode,
            Card = card,
            Body = mode is AppMode.Workflow or AppMode.AdvancedChat
                ? root["workflow"] as JsonObject is { Count: > 0 } workflow
                    ? workflow : throw DifyException.Invalid("Missing workflow data for workflow/advanced chat app")
                : root["model_config"] as JsonObject is { Count: > 0 } config
                    ? config : throw DifyException.Invalid("Missing model_config for chat/agent-chat/completion app"),
        };
    }

    private static JsonObject ReadRoot(string text)
    {
        text = text.TrimStart('\uFEFF');
        return ReadJson(text) ?? YamlReader.Read(text) as JsonObject
            ?? throw DifyException.Invalid("Invalid YAML format: content must be a mapping");
    }

    /// <summary>JSON is read as such: YAML does not know its escapes of characters beyond the first plane.</summary>
    private static JsonObject? ReadJson(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = ReadingBudget.MostLevels });
            return new JsonCopy(new ReadingBudget()).Copy(document.RootElement) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AppMode ReadMode(JsonNode? mode) => mode switch
    {
        null => throw DifyException.Invalid("loss app mode"),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.ToString() switch
        {
            "" => throw DifyException.Invalid("loss app mode"),
            "workflow" => AppMode.Workflow,
            "advanced-chat" => AppMode.AdvancedChat,
            "chat" => AppMode.Chat,
            "agent-chat" => AppMode.AgentChat,
            "completion" => AppMode.Completion,
            "agent" or "channel" or "rag-pipeline" => throw DifyException.Invalid("Invalid app mode"),
            var other => throw DifyException.Invalid($"'{(other.Length > 64 ? other[..64] : other)}' is not a valid AppMode"),
        },
        _ => throw DifyException.Invalid("Invalid app mode"),
    };

    /// <summary>Files that lie beside app files and are often picked by mistake.</summary>
    private static string WhatElse(JsonObject root) => (root["kind"] as JsonValue)?.ToString() switch
    {
        "rag_pipeline" => ". This file is a knowledge pipeline (rag_pipeline), not an app.",
        "snippet" => ". This file is a snippet, not an app.",
        _ when root.ContainsKey("rag_pipeline") => ". This file is a knowledge pipeline (rag_pipeline), not an app.",
        _ when root.ContainsKey("openapi") || root.ContainsKey("swagger") => ". This file is an OpenAPI description: add it as a tool.",
        _ when root.ContainsKey("services") => ". This file is a compose file, not an app.",
        _ => "",
    };
}
