namespace Dify.Core.Chat;

public enum MessageStatus
{
    Running,

    /// <summary><c>normal</c> on the wire.</summary>
    Normal,

    Error,

    /// <summary>Stopped by the person; the answer is what had come until then.</summary>
    Stopped,

    /// <summary>A chatflow waits for a person; the answer is what had come until then.</summary>
    Paused,
}
