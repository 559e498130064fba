using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Prompts;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>
/// An answer that has to be an object of a schema: by the model's own means where it has them, else by words, with
/// what models get wrong in JSON put right.
/// </summary>
internal static class StructuredOutput
{
    private const int LongestQuote = 500;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="NodeFailedException">The node has no schema.</exception>
    public static void Ask(LlmSettings settings, ChatModel model, LlmMessages messages, ChatOptions options)
    {
        if (settings.Schema is not { } schema)
        {
            throw new NodeFailedException("Please provide a valid structured output schema", "LLMNodeError");
        }

        if (model.Descriptor.Features.Contains("structured-output"))
        {
            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonSerializer.SerializeToElement(schema), "structured_output");
            return;
        }

        if (options.ResponseFormat is null && model.Descriptor.Parameters.Any(
            parameter => parameter.Name == "response_format" && parameter.Options.Contains("json_object")))
        {
            options.ResponseFormat = ChatResponseFormat.Json;
        }

        messages.AddInstruction(
            "Answer with one JSON object that is valid against the JSON schema in <schema></schema>. Write nothing before or after the object, "
            + $"no explanation and no code fence. Use only the keys of the schema.\n<schema>\n{schema.ToJsonString(Readable)}\n</schema>");
    }

    /// <exception cref="NodeFailedException">There is no object in the answer.</exception>
    public static JsonObject Read(string text)
    {
        text = AnswerJson.WithoutThinking(text).Trim();
        if (PlainJson.TryParse(text, out var exact) && exact is JsonObject answer)
        {
            return answer;
        }

        return AnswerJson.FirstObject(text) is { Count: > 0 } found
            ? found
            : LenientJson.ReadObject(text) ?? throw new NodeFailedException(
                $"Failed to parse structured output: {(text.Length > LongestQuote ? text[..LongestQuote] + "…" : text)}", "OutputParserError");
    }
}
