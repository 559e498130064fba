namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>How a step, or a whole run, stands. Its text is <c>State.{name}</c>.</summary>
public enum StepState
{
    /// <summary>Not reached yet.</summary>
    Pending,

    Running,

    /// <summary>Waits for a person.</summary>
    Paused,

    Succeeded,

    /// <summary>Succeeded, but some steps failed and were caught.</summary>
    PartialSucceeded,

    /// <summary>Failed, and the run went on by its error strategy.</summary>
    Exception,

    Failed,

    Stopped,

    /// <summary>The run ended without reaching it.</summary>
    Skipped,
}
