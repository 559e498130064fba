using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Workflows;

internal static class TimeZoneExtensions
{
    /// <summary>Where the reader is; null when the browser does not say.</summary>
    public static async Task<TimeZoneInfo?> ReadTimeZoneAsync(this IJSRuntime script)
    {
        var module = await script.InvokeAsync<IJSObjectReference?>("import", "./js/promptEditor.js");
        if (module is null)
        {
            return null;
        }

        var name = await module.InvokeAsync<string?>("timeZone");
        await module.DisposeAsync();
        return name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }
}
