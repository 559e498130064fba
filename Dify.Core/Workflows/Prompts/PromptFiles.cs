using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Prompts;

/// <summary>Shows the model the pictures that a node names. A model that sees nothing is asked without them, as in Dify.</summary>
internal sealed class PromptFiles(IFileContents contents)
{
    /// <summary>How closely a picture is looked at; read by OpenAI's clients.</summary>
    public const string DetailKey = "detail";

    public const string NameKey = "filename";

    private const int MostPictures = 20;
    private const long LargestPicture = 10 * 1024 * 1024;

    public static ChatRole RoleOf(string role) =>
        role switch { "system" => ChatRole.System, "assistant" => ChatRole.Assistant, _ => ChatRole.User };

    /// <summary>The file values that a node's vision names.</summary>
    public static JsonArray Values(PromptVision vision, VariablePool variables)
    {
        var files = new JsonArray();
        if (vision.IsOn && variables.TryGet(vision.Selector, out var value))
        {
            foreach (var file in FilesOf(value))
            {
                files.Add(file.DeepClone());
            }
        }

        return files;
    }

    /// <summary>Puts the pictures before the text of the last message, when it is the user's, else into one of their own.</summary>
    /// <exception cref="NodeFailedException">A picture cannot be read.</exception>
    public async ValueTask AttachAsync(
        List<ChatMessage> messages, PromptVision vision, NodeRun run, ChatModel model, CancellationToken stop)
    {
        if (!vision.IsOn || !model.Descriptor.MayTakeImages || !run.Variables.TryGet(vision.Selector, out var value))
        {
            return;
        }

        var pictures = await ReadAsync(FilesOf(value), vision.Detail, run, stop);
        if (pictures.Count == 0)
        {
            return;
        }

        if (messages is [.., { } last] && last.Role == ChatRole.User)
        {
            messages[^1] = new ChatMessage(ChatRole.User, [.. pictures, .. last.Contents]);
        }
        else
        {
            messages.Add(new ChatMessage(ChatRole.User, pictures));
        }
    }

    /// <summary>Adds the pictures that a prompt refers to, as a message behind its text.</summary>
    /// <exception cref="NodeFailedException">A picture cannot be read.</exception>
    public async ValueTask AddReferencedAsync(
        List<ChatMessage> messages, string role, PromptTemplate prompt, PromptVision vision, NodeRun run, ChatModel model, CancellationToken stop)
    {
        if (!model.Descriptor.MayTakeImages)
        {
            return;
        }

        List<JsonObject>? files = null;
        foreach (var selector in prompt.References)
        {
            if (run.Variables.TryGet(selector, out var value) && value is JsonArray or JsonObject)
            {
                (files ??= []).AddRange(FilesOf(value));
            }
        }

        if (files is { Count: > 0 } && await ReadAsync(files, vision.Detail, run, stop) is { Count: > 0 } pictures)
        {
            messages.Add(new ChatMessage(RoleOf(role), pictures));
        }
    }

    private static IEnumerable<JsonObject> FilesOf(JsonNode? value) => value switch
    {
        JsonArray list => list.Where(FileValues.IsFile).Select(file => (JsonObject)file!),
        JsonObject file when FileValues.IsFile(file) => [file],
        _ => [],
    };

    private async ValueTask<List<AIContent>> ReadAsync(IEnumerable<JsonObject> files, string detail, NodeRun run, CancellationToken stop)
    {
        var pictures = new List<AIContent>();
        foreach (var file in files.Where(IsPicture).Take(MostPictures))
        {
            try
            {
                var content = await contents.ReadAsync(run.Context, file, LargestPicture, stop);
                if (content.MimeType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
                {
                    pictures.Add(new DataContent(content.Bytes, content.MimeType)
                    {
                        Name = content.Name,
                        AdditionalProperties = new AdditionalPropertiesDictionary { [DetailKey] = detail, [NameKey] = content.Name },
                    });
                }
            }
            catch (DifyException problem)
            {
                throw new NodeFailedException($"A picture for the model cannot be read. {problem.Message}", "FileFetchError", problem.Code, problem);
            }
        }

        return pictures;
    }

    private static bool IsPicture(JsonObject file) =>
        file["type"]?.ToString() == "image"
        || file["mime_type"]?.ToString().StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true;
}
