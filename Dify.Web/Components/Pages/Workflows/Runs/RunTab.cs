namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>What is shown of a run. Its text is <c>Run.{name}</c>.</summary>
public enum RunTab
{
    Input,
    Result,
    Detail,
    Tracing,
}
