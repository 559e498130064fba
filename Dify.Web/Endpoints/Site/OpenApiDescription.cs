using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Knowledge;

namespace Dify.Web.Endpoints;

/// <summary>
/// OpenAPI 3.1 descriptions of one app or one knowledge base as a tool: the one operation that an agent needs, with the
/// app's own form fields.
/// </summary>
internal static class OpenApiDescription
{
    public static JsonObject Of(App app, string baseAddress)
    {
        return OfChat(app, Inputs((app.Published ?? app.Draft).UserInputForm), baseAddress);
    }

    /// <param name="inputs">The schema of the app's form.</param>
    public static JsonObject OfChat(App app, JsonObject inputs, string baseAddress)
    {
        var body = Schema(
            new JsonObject
            {
                ["query"] = Text("The question."),
                ["inputs"] = inputs,
                ["user"] = Text("Who asks, as your program names them. Conversations belong to this user."),
                ["conversation_id"] = Text("Goes on with a conversation; leave it out to begin one."),
                ["response_mode"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("blocking"), ["default"] = "blocking" },
            },
            inputs.ContainsKey("required") ? ["query", "user", "inputs"] : ["query", "user"]);
        var answer = Schema(
            new JsonObject
            {
                ["answer"] = Text("The answer, Markdown."),
                ["conversation_id"] = Text("Names the conversation."),
                ["message_id"] = Text("Names this message."),
                ["metadata"] = new JsonObject { ["type"] = "object", ["description"] = "Usage and the passages the answer drew on." },
            },
            ["answer", "conversation_id", "message_id"]);
        return Document(
            app.Name, app.Description, baseAddress, "/chat-messages", "ask_" + Identifier(app.Id),
            $"Ask {app.Name}", body, answer, "An app key of this app: app-…");
    }

    public static JsonObject Of(KnowledgeBase knowledge, string baseAddress)
    {
        var body = Schema(new JsonObject { ["query"] = Text("What to look for, at most 250 characters.") }, ["query"]);
        var answer = Schema(
            new JsonObject
            {
                ["records"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = Schema(
                        new JsonObject
                        {
                            ["score"] = new JsonObject { ["type"] = "number", ["description"] = "0 to 1, higher is closer." },
                            ["segment"] = new JsonObject { ["type"] = "object", ["description"] = "The passage, with its content and its document." },
                        },
                        ["segment", "score"]),
                },
            },
            ["records"]);
        return Document(
            knowledge.Name, knowledge.Description, baseAddress, $"/datasets/{knowledge.Id}/retrieve", "search_" + Identifier(knowledge.Id),
            $"Search {knowledge.Name}", body, answer, "A knowledge key: dataset-…");
    }

    public static JsonObject Document(
        string title, string description, string baseAddress, string path, string operation, string summary,
        JsonObject body, JsonObject answer, string key) => new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = title, ["description"] = description, ["version"] = "1.0.0" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = baseAddress }),
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }),
            ["paths"] = new JsonObject
            {
                [path] = new JsonObject
                {
                    ["post"] = new JsonObject
                    {
                        ["operationId"] = operation,
                        ["summary"] = summary,
                        ["description"] = description.Length > 0 ? description : summary,
                        ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Json(body) },
                        ["responses"] = new JsonObject
                        {
                            ["200"] = new JsonObject { ["description"] = "Found.", ["content"] = Json(answer) },
                            ["default"] = new JsonObject
                            {
                                ["description"] = "What went wrong.",
                                ["content"] = Json(Schema(
                                    new JsonObject { ["code"] = Text("A stable code."), ["message"] = Text("For a person."), ["status"] = new JsonObject { ["type"] = "integer" } },
                                    ["code", "message", "status"])),
                            },
                        },
                    },
                },
            },
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = key },
                },
            },
        };

    private static JsonObject Inputs(IReadOnlyList<UserInputField> form)
    {
        var properties = new JsonObject();
        foreach (var field in form)
        {
            properties[field.Input.Variable] = Field(field);
        }

        return Schema(properties, [.. form.Where(f => f.Input.Required).Select(f => f.Input.Variable)]);
    }

    private static JsonObject Field(UserInputField field)
    {
        var schema = new JsonObject
        {
            ["type"] = field.Kind switch { "number" => "number", "checkbox" => "boolean", _ => "string" },
            ["description"] = field.Input.Label.Length > 0 ? field.Input.Label : field.Input.Variable,
        };
        if (field.Kind == "select")
        {
            schema["enum"] = new JsonArray([.. field.Input.Options.Select(option => JsonValue.Create(option))]);
        }

        if (field.Kind is "text-input" or "paragraph" && field.Input.MaxLength is { } length)
        {
            schema["maxLength"] = length;
        }

        if (field.Input.Default is { ValueKind: not System.Text.Json.JsonValueKind.Null } value)
        {
            schema["default"] = JsonNode.Parse(value.GetRawText());
        }

        return schema;
    }

    public static JsonObject Schema(JsonObject properties, IReadOnlyList<string> required)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        }

        return schema;
    }

    private static JsonObject Json(JsonObject schema) =>
        new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    public static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    // Names may hold anything; tools want letters, digits and _.
    public static string Identifier(Guid id) => id.ToString("N")[^12..];
}
