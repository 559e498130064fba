namespace Dify.Web.Components.Pages.Studio;

/// <summary>The places of an app.</summary>
public enum AppSection
{
    Orchestrate,
    Workflow,
    Develop,
    Logs,
    Setup,
}
