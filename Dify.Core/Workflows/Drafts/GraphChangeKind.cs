namespace Dify.Core.Workflows.Drafts;

public enum GraphChangeKind
{
    AddNode,
    UpdateNode,
    MoveNode,
    RemoveNode,
    AddEdge,
    RemoveEdge,
    SetViewport,
}
