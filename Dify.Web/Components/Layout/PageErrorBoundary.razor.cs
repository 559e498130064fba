using Dify.Core.Common;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Layout;

/// <summary>Shows a page's unexpected failure without its details; those are in the log.</summary>
public sealed partial class PageErrorBoundary
{
    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private ILogger<PageErrorBoundary> Logger { get; set; } = null!;

    private string Message => Feedback.Describe(CurrentException!);

    protected override async Task OnErrorAsync(Exception exception)
    {
        if (exception is not DifyException)
        {
            LogPageFailed(Logger, exception);
            await base.OnErrorAsync(exception);
        }
    }

    protected override void OnParametersSet()
    {
        // Going to another page leaves the failure behind.
        if (CurrentException is not null)
        {
            Recover();
        }
    }

    [LoggerMessage(LogLevel.Error, "A page failed")]
    private static partial void LogPageFailed(ILogger logger, Exception exception);
}
