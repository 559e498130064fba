using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Workflows.Inputs;

namespace Dify.Web.Endpoints;

/// <summary>The OpenAPI description of a workflow or chatflow: the one operation that another program needs.</summary>
internal static class WorkflowDescription
{
    public static JsonObject OfChat(App app, IReadOnlyList<StartField> form, string baseAddress) =>
        OpenApiDescription.OfChat(app, Inputs(form), baseAddress);

    public static JsonObject OfRun(App app, IReadOnlyList<StartField> form, string baseAddress)
    {
        var body = OpenApiDescription.Schema(
            new JsonObject
            {
                ["inputs"] = Inputs(form),
                ["user"] = OpenApiDescription.Text("Who asks, as your program names them. Runs belong to this user."),
                ["response_mode"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("blocking"), ["default"] = "blocking" },
            },
            ["inputs", "user"]);
        var answer = OpenApiDescription.Schema(
            new JsonObject
            {
                ["workflow_run_id"] = OpenApiDescription.Text("Names the run."),
                ["data"] = OpenApiDescription.Schema(
                    new JsonObject
                    {
                        ["status"] = OpenApiDescription.Text("succeeded, partial-succeeded, failed, stopped or paused."),
                        ["outputs"] = new JsonObject { ["type"] = "object", ["description"] = "What the workflow gives." },
                        ["error"] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["description"] = "Why it failed." },
                    },
                    ["status", "outputs"]),
            },
            ["workflow_run_id", "data"]);
        return OpenApiDescription.Document(
            app.Name, app.Description, baseAddress, "/workflows/run", "run_" + OpenApiDescription.Identifier(app.Id),
            $"Run {app.Name}", body, answer, "An app key of this app: app-…");
    }

    private static JsonObject Inputs(IReadOnlyList<StartField> form)
    {
        var properties = new JsonObject();
        foreach (var field in form)
        {
            properties[field.Variable] = Field(field);
        }

        return OpenApiDescription.Schema(properties, [.. form.Where(field => field.Required).Select(field => field.Variable)]);
    }

    private static JsonObject Field(StartField field)
    {
        var label = field.Label.Length > 0 ? field.Label : field.Variable;
        var schema = field.Kind switch
        {
            StartField.FileList => new JsonObject { ["type"] = "array", ["items"] = File() },
            StartField.File => File(),
            StartField.Json => field.Schema is JsonObject own ? own.DeepClone().AsObject() : new JsonObject { ["type"] = "object" },
            StartField.Number => new JsonObject { ["type"] = "number" },
            StartField.Checkbox => new JsonObject { ["type"] = "boolean" },
            _ => new JsonObject { ["type"] = "string" },
        };
        schema["description"] = label;
        if (field.Kind == StartField.Select)
        {
            schema["enum"] = new JsonArray([.. field.Options.Select(option => JsonValue.Create(option))]);
        }

        if (field.Kind is StartField.TextInput or StartField.Paragraph && field.MaxLength is { } length)
        {
            schema["maxLength"] = length;
        }

        if (field.Default is { } preset && !field.IsFile)
        {
            schema["default"] = preset.DeepClone();
        }

        return schema;
    }

    private static JsonObject File() => OpenApiDescription.Schema(
        new JsonObject
        {
            ["transfer_method"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("remote_url", "local_file") },
            ["url"] = OpenApiDescription.Text("Where the file is, for remote_url."),
            ["upload_file_id"] = OpenApiDescription.Text("An upload, for local_file."),
            ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("document", "image", "audio", "video", "custom") },
        },
        ["transfer_method", "type"]);
}
