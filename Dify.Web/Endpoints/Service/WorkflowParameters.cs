using System.Text.Json.Nodes;
using Dify.Core.Workflows.Drafts;

namespace Dify.Web.Endpoints;

/// <summary><c>GET /v1/parameters</c> of a workflow or chatflow: its features, and the fields of its start node.</summary>
internal static class WorkflowParameters
{
    private static readonly string[] Switches =
        ["speech_to_text", "retriever_resource", "annotation_reply", "more_like_this", "suggested_questions_after_answer", "sensitive_word_avoidance"];

    public static JsonObject Of(RunnableWorkflow workflow, JsonNode? systemParameters)
    {
        var features = workflow.Features;
        var parameters = new JsonObject
        {
            ["opening_statement"] = features["opening_statement"]?.DeepClone() ?? "",
            ["suggested_questions"] = features["suggested_questions"]?.DeepClone() ?? new JsonArray(),
            ["text_to_speech"] = features["text_to_speech"]?.DeepClone()
                ?? new JsonObject { ["enabled"] = false, ["voice"] = "", ["language"] = "", ["autoPlay"] = "disabled" },
            ["file_upload"] = features["file_upload"]?.DeepClone()
                ?? new JsonObject { ["image"] = new JsonObject { ["enabled"] = false, ["number_limits"] = 3, ["detail"] = "high", ["transfer_methods"] = new JsonArray("remote_url", "local_file") } },
            ["user_input_form"] = Form(workflow),
            ["system_parameters"] = systemParameters,
        };
        foreach (var name in Switches)
        {
            parameters[name] = features[name]?.DeepClone() ?? new JsonObject { ["enabled"] = false };
        }

        return parameters;
    }

    private static JsonArray Form(RunnableWorkflow workflow)
    {
        var form = new JsonArray();
        foreach (var field in (workflow.Graph.Root.Data["variables"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (field["type"] is JsonValue type && type.TryGetValue<string>(out var kind))
            {
                form.Add(new JsonObject { [kind] = field.DeepClone() });
            }
        }

        return form;
    }
}
