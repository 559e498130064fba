using Dify.Core.Common;

namespace Dify.Web.Endpoints;

/// <summary>Gives an API answer that has a status only (no such path, wrong method, wrong media type) the error envelope.</summary>
internal static class ApiStatusCodes
{
    public static void UseApiStatusCodes(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null }
            && ApiExceptionHandler.IsApi(context.Request.Path))
        {
            var status = context.Response.StatusCode;
            var (code, message) = status switch
            {
                401 => (ErrorCodes.Unauthorized, "Send a valid token in the Authorization header."),
                403 => (ErrorCodes.Forbidden, "This is not allowed for you."),
                404 => (ErrorCodes.NotFound, "There is nothing at this address."),
                405 => ("method_not_allowed", "This address does not take that HTTP method."),
                400 => (ErrorCodes.InvalidParam, "A value of the address or of the body is missing or does not fit. Send a JSON object with the documented fields."),
                413 => (ErrorCodes.FileTooLarge, "The request is larger than allowed."),
                415 => (ErrorCodes.UnsupportedFileType, "Send JSON with Content-Type: application/json, or multipart/form-data for files."),
                >= 500 => (ErrorCodes.InternalServerError, "Something went wrong on our side. Try again in a moment."),
                _ => (ErrorCodes.BadRequest, "The request could not be understood."),
            };
            await context.Response.WriteAsJsonAsync(new ErrorResponse(code, message, status), JsonDefaults.Wire);
        }
    });
}
