namespace Dify.Core.Tools;

/// <summary>
/// Something that an app can call by name. One instance serves all calls of all workspaces, so it keeps nothing
/// between calls.
/// </summary>
public interface ITool
{
    ToolDescription Description { get; }

    /// <summary>Works, and gives messages while doing so.</summary>
    /// <param name="call">Parameters are complete and of the declared types; values come from anywhere.</param>
    /// <exception cref="ToolException">The tool failed; the message is shown to people.</exception>
    IAsyncEnumerable<ToolMessage> InvokeAsync(ToolCall call, CancellationToken cancellationToken);
}
