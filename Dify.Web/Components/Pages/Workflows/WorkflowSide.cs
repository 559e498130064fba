namespace Dify.Web.Components.Pages.Workflows;

/// <summary>What stands beside the steps of a workflow.</summary>
public enum WorkflowSide
{
    Run,
    Node,
    Issues,
    History,
    Versions,
}
