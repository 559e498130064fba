using System.Runtime.CompilerServices;

namespace Dify.Core.Tools.BuiltIn;

/// <summary>A tool that needs no waiting and gives one text.</summary>
internal sealed class TextTool(ToolDescription description, Func<ToolCall, string> answer) : ITool
{
    public ToolDescription Description { get; } = description;

    public async IAsyncEnumerable<ToolMessage> InvokeAsync(ToolCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        yield return new ToolText(answer(call));
    }
}
