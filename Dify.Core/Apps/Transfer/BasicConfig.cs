using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer;

/// <summary>The <c>model_config</c> of chat, agent-chat and completion apps in files.</summary>
internal static class BasicConfig
{
    /// <summary>Its 20 keys and what each is when an app says nothing; an export has them all.</summary>
    private const string Defaults = """
        {"model":{},"prompt_type":"simple","pre_prompt":null,"chat_prompt_config":{},"completion_prompt_config":{},
         "user_input_form":[],"dataset_query_variable":null,"dataset_configs":{"retrieval_model":"multiple"},
         "agent_mode":{"enabled":false,"strategy":null,"tools":[],"prompt":null},"opening_statement":null,
         "suggested_questions":[],"suggested_questions_after_answer":{"enabled":false},"more_like_this":{"enabled":false},
         "speech_to_text":{"enabled":false},"text_to_speech":{"enabled":false},"retriever_resource":{"enabled":true},
         "sensitive_word_avoidance":{"enabled":false,"type":"","config":{}},"external_data_tools":[],
         "annotation_reply":{"enabled":false},
         "file_upload":{"image":{"enabled":false,"number_limits":3,"detail":"high","transfer_methods":["remote_url","local_file"]}}}
        """;

    /// <summary>
    /// Reads what a file says. Nothing is validated, as an app may need models, tools and knowledge that are not there
    /// yet; a setting that has no readable form is kept aside for the next export.
    /// </summary>
    /// <returns>The configuration, and the settings that could not be read.</returns>
    public static (AppModelConfig Config, JsonObject Unreadable) Read(JsonObject body)
    {
        var good = new JsonObject();
        var unreadable = new JsonObject();
        foreach (var (key, value) in body)
        {
            // An annotated answer belongs to the app that it was annotated in.
            if (key == "annotation_reply")
            {
                continue;
            }

            var eased = Ease(key, value?.DeepClone());
            (IsReadable(key, eased) ? good : unreadable)[key] = eased?.DeepClone();
        }

        return (ModelConfigJson.Read(good), unreadable);
    }

    /// <summary>Such chats call tools by themselves, so they are agents whatever the file calls them.</summary>
    public static bool IsAgent(AppMode mode, JsonObject body) =>
        mode == AppMode.Chat && NodeData.Object(body, "agent_mode") is { } agent && NodeData.Flag(agent, "enabled")
        && NodeData.Text(agent, "strategy") is "function_call" or "react";

    public static JsonObject Write(AppModelConfig config, JsonObject? unreadable)
    {
        var json = JsonSerializer.SerializeToNode(config, JsonDefaults.Wire)!.AsObject();
        foreach (var (key, value) in unreadable ?? [])
        {
            if (json[key] is null || JsonNode.DeepEquals(json[key], JsonSerializer.SerializeToNode(new AppModelConfig(), JsonDefaults.Wire)![key]))
            {
                json[key] = value?.DeepClone();
            }
        }

        foreach (var (key, value) in JsonNode.Parse(Defaults)!.AsObject())
        {
            if (json[key] is null)
            {
                json[key] = value?.DeepClone();
            }
        }

        foreach (var tool in (NodeData.List(NodeData.Object(json, "agent_mode") ?? [], "tools") ?? []).OfType<JsonObject>())
        {
            tool.Remove("credential_id");
        }

        return json;
    }

    private static bool IsReadable(string key, JsonNode? value)
    {
        try
        {
            var config = ModelConfigJson.Read(new JsonObject { [key] = value?.DeepClone() });
            return config.Model is null or { Provider: { Length: > 0 }, Name: { Length: > 0 } }
                && config.UserInputForm.All(field => field.Input?.Variable is not null)
                && (config.DatasetConfigs?.Datasets.Datasets.All(entry => entry?.Dataset?.Id is not null) ?? true);
        }
        catch (DifyException)
        {
            return false;
        }
    }

    /// <summary>What hand-written files have without quotes, and switches without their object.</summary>
    private static JsonNode? Ease(string key, JsonNode? value)
    {
        switch (key, value)
        {
            case ("pre_prompt" or "opening_statement" or "prompt_type", JsonValue text):
                return text.ToString();
            case ("retriever_resource" or "suggested_questions_after_answer", JsonValue flag):
                return new JsonObject { ["enabled"] = flag.DeepClone() };
            case ("suggested_questions", JsonArray questions):
                return new JsonArray([.. questions.OfType<JsonValue>().Select(question => (JsonNode)question.ToString())]);
            case ("model", JsonObject model):
                Texts(model, "provider", "name", "mode");
                return model;
            case ("user_input_form", JsonArray form):
                foreach (var field in form.OfType<JsonObject>().SelectMany(kind => kind).Select(kind => kind.Value).OfType<JsonObject>())
                {
                    Texts(field, "variable", "label");
                    if (field["options"] is JsonArray options)
                    {
                        field["options"] = new JsonArray([.. options.OfType<JsonValue>().Select(option => (JsonNode)option.ToString())]);
                    }
                }

                return form;
            default:
                return value;
        }
    }

    private static void Texts(JsonObject owner, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (owner[key]?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                owner[key] = owner[key]!.ToString();
            }
        }
    }
}
