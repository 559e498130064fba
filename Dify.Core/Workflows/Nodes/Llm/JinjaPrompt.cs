using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Prompts;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>
/// A message as Jinja template. The marks of context and histories are no Jinja: they are taken out before it is
/// rendered and filled in afterwards, so that nothing in a document is taken for a template.
/// </summary>
internal sealed class JinjaPrompt
{
    private const string ContextStandIn = "\uE0F0context\uE0F0";
    private const string HistoriesStandIn = "\uE0F0histories\uE0F0";

    private readonly string _template;

    private JinjaPrompt(string template) => _template = template;

    public bool HasHistories => _template.Contains(HistoriesStandIn, StringComparison.Ordinal);

    public static JinjaPrompt Parse(string text) => new(text
        .Replace(PromptTemplate.ContextMark, ContextStandIn, StringComparison.Ordinal)
        .Replace(PromptTemplate.HistoriesMark, HistoriesStandIn, StringComparison.Ordinal));

    /// <exception cref="NodeFailedException">The template is wrong; the message is Jinja's.</exception>
    public async ValueTask<string> RenderAsync(
        IJinjaRenderer jinja, JsonObject variables, string context, string histories, CancellationToken stop)
    {
        if (_template.Length == 0)
        {
            return "";
        }

        try
        {
            var text = await jinja.RenderAsync(_template, variables, stop);
            return text.Contains('\uE0F0', StringComparison.Ordinal) ? Fill(text, context, histories) : text;
        }
        catch (TemplateException problem)
        {
            throw new NodeFailedException(problem.Message, "InvalidVariableTypeError", problem.Code, problem);
        }
    }

    private static string Fill(string text, string context, string histories) => string.Join(
        context,
        text.Split(ContextStandIn).Select(part => part.Replace(HistoriesStandIn, histories, StringComparison.Ordinal)));
}
