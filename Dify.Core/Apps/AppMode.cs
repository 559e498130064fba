namespace Dify.Core.Apps;

/// <summary>Kinds of app; <see cref="AppModes"/> has the wire names.</summary>
public enum AppMode
{
    Chat,
    AgentChat,
    AdvancedChat,
    Completion,
    Workflow,
}
