using System.Globalization;
using System.Text.Json;
using Dify.Core.Common;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Diagnostics;

namespace Dify.Web.Endpoints;

/// <summary>
/// The one place where an exception becomes an answer: <c>{code, message, status}</c> for the APIs. Only the text of a
/// <see cref="DifyException"/> is shown; anything else is logged and answered as <c>internal_server_error</c>.
/// </summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.Response.HasStarted)
        {
            return false;
        }

        // The headers that were set before the failure are gone.
        SecurityHeaders.Write(httpContext.Response.Headers);
        if (!IsApi(httpContext.Request.Path))
        {
            return false;
        }

        var known = ToDifyException(exception);
        if (known.Status >= 500)
        {
            LogUnexpected(exception, httpContext.Request.Path);
        }

        httpContext.Response.StatusCode = known.Status;
        if (known.RetryAfterSeconds is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await httpContext.Response.WriteAsJsonAsync(
            new ErrorResponse(known.Code, known.Message, known.Status), JsonDefaults.Wire, cancellationToken);
        return true;
    }

    public static bool IsApi(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/console/api") || path.StartsWithSegments("/api")
        || path.StartsWithSegments("/files");

    private static DifyException ToDifyException(Exception exception) => exception switch
    {
        DifyException known => known,
        _ when StorageFull.Is(exception) => StorageFull.ToDifyException(exception),
        BadHttpRequestException { StatusCode: 413 } => new DifyException(ErrorCodes.FileTooLarge, "The request is larger than allowed.", 413),
        BadHttpRequestException or JsonException => DifyException.Invalid(
            "The request body is not what this endpoint takes. Send a JSON object with the documented fields."),
        _ => new DifyException(ErrorCodes.InternalServerError, "Something went wrong on our side. Try again in a moment.", 500),
    };

    [LoggerMessage(LogLevel.Error, "Unexpected failure of {Path}")]
    private partial void LogUnexpected(Exception exception, PathString path);
}
