namespace Dify.Web.Resources;

/// <summary>Texts of the pages of workflows, their runs and their web app.</summary>
internal sealed class WorkflowsText;
