using Dify.Web.Resources;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Says how long ago something was, which needs no time zone.</summary>
internal static class RelativeTime
{
    public static string Describe(this IStringLocalizer<StudioText> text, DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalMinutes: < 1 } => text["Time.Now"],
        { TotalMinutes: < 60 } span => text["Time.Minutes", (int)span.TotalMinutes],
        { TotalHours: < 24 } span => text["Time.Hours", (int)span.TotalHours],
        { TotalDays: < 30 } span => text["Time.Days", (int)span.TotalDays],
        _ => text["Time.On", then.ToString("d", System.Globalization.CultureInfo.CurrentCulture)],
    };
}
