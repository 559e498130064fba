using Dify.Core.Common;

namespace Dify.Core.Apps;

/// <summary>Dify's spelling of <see cref="AppMode"/>.</summary>
public static class AppModes
{
    public static string ToWire(this AppMode mode) => mode switch
    {
        AppMode.Chat => "chat",
        AppMode.AgentChat => "agent-chat",
        AppMode.AdvancedChat => "advanced-chat",
        AppMode.Completion => "completion",
        AppMode.Workflow => "workflow",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    /// <summary>Whether an app of this mode is drawn as a graph instead of being filled in.</summary>
    public static bool HasWorkflow(this AppMode mode) => mode is AppMode.Workflow or AppMode.AdvancedChat;

    /// <exception cref="DifyException"><c>invalid_param</c> for an unknown mode.</exception>
    public static AppMode Parse(string mode) => mode switch
    {
        "chat" => AppMode.Chat,
        "agent-chat" => AppMode.AgentChat,
        "advanced-chat" => AppMode.AdvancedChat,
        "completion" => AppMode.Completion,
        "workflow" => AppMode.Workflow,
        _ => throw DifyException.Invalid($"mode: '{mode}' is not an app mode."),
    };
}
