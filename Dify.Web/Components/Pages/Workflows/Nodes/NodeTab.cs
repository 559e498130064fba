namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>What is shown of a node. Its text is <c>NodePanel.{name}</c>.</summary>
public enum NodeTab
{
    Settings,
    LastRun,
    Try,
}
