using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>The text of the passages that a prompt is given.</summary>
internal static class LlmContext
{
    /// <exception cref="NodeFailedException">The context has a form that holds no text.</exception>
    public static string Read(VariablePool variables, string[] selector)
    {
        if (selector.Length < 2 || !variables.TryGet(selector, out var value))
        {
            return "";
        }

        if (value is not JsonArray list)
        {
            return VariableText.Render(value, RenderMode.Text);
        }

        var text = new StringBuilder();
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
        }

        return text.ToString().Trim();
    }
}
