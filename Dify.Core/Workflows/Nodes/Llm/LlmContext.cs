using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>The passages that a prompt is given.</summary>
/// <param name="Resources">Those that come from a knowledge base, for citations.</param>
internal sealed record LlmContext(string Text, IReadOnlyList<JsonObject> Resources)
{
    private static readonly LlmContext None = new("", []);

    /// <exception cref="NodeFailedException">The context has a form that holds no text.</exception>
    public static LlmContext Read(VariablePool variables, string[] selector)
    {
        if (selector.Length < 2 || !variables.TryGet(selector, out var value))
        {
            return None;
        }

        if (value is not JsonArray list)
        {
            return new LlmContext(VariableText.Render(value, RenderMode.Text), []);
        }

        var text = new StringBuilder();
        List<JsonObject>? resources = null;
        foreach (var item in list)
        {
            if (item is not JsonObject passage)
            {
                text.Append(VariableText.Render(item, RenderMode.Text)).Append('\n');
                continue;
            }

            if (passage["content"] is not { } content)
            {
                throw new NodeFailedException(
                    "Invalid context structure: every passage needs a content.", "InvalidContextStructureError");
            }

            if (passage["summary"]?.ToString() is { Length: > 0 } summary)
            {
                text.Append(summary).Append('\n');
            }

            text.Append(VariableText.Render(content, RenderMode.Text)).Append('\n');
            if (passage["metadata"] is JsonObject metadata && metadata["_source"]?.ToString() == "knowledge")
            {
                (resources ??= []).Add(passage);
            }
        }

        return new LlmContext(text.ToString().Trim(), resources ?? []);
    }
}
