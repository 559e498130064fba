namespace Dify.Core.Workflows.Engine;

public enum NodeStatus
{
    Succeeded,
    Failed,
    Exception,
    Stopped,
    Paused,
}
