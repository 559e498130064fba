using System.Globalization;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>Times and counts of runs in words.</summary>
internal static class RunWords
{
    /// <summary>How long a step took, or has been going.</summary>
    public static string Elapsed(this IStringLocalizer<WorkflowsText> text, TraceStep step, TimeProvider time) => step.ElapsedSeconds is { } seconds
        ? text.Seconds(seconds)
        : step.State is StepState.Running && (time.GetUtcNow() - step.StartedAt).TotalSeconds is >= 1 and var going ? text.Seconds(Math.Floor(going)) : "";

    public static string Seconds(this IStringLocalizer<WorkflowsText> text, double seconds) => seconds switch
    {
        < 1 => text["Time.Milliseconds", Math.Round(seconds * 1000).ToString("0", CultureInfo.CurrentCulture)],
        < 60 => text["Time.Seconds", seconds.ToString(seconds == Math.Floor(seconds) ? "0" : seconds < 10 ? "0.00" : "0.0", CultureInfo.CurrentCulture)],
        _ => text["Time.Minutes", ((int)seconds / 60).ToString(CultureInfo.CurrentCulture), ((int)seconds % 60).ToString("00", CultureInfo.CurrentCulture)],
    };

    public static string Tokens(this IStringLocalizer<WorkflowsText> text, int tokens) =>
        text["Tokens", tokens.ToString("N0", CultureInfo.CurrentCulture)];
}
