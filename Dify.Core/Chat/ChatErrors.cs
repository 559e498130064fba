using Dify.Core.Common;

namespace Dify.Core.Chat;

/// <summary>How an answer that failed is told over HTTP and in the stream.</summary>
public static class ChatErrors
{
    public const string Interrupted =
        "The server was stopped while this answer was being written. Send the message again.";

    /// <summary>The HTTP status that belongs to a code that a model or node failed with.</summary>
    public static int StatusOf(string? code) => code switch
    {
        ErrorCodes.ProviderNotInitialize or ErrorCodes.ProviderQuotaExceeded or ErrorCodes.ModelCurrentlyNotSupport
            or ErrorCodes.CompletionRequestError or ErrorCodes.InvalidParam or ErrorCodes.BadRequest
            or ErrorCodes.AppUnavailable or ErrorCodes.DatasetNotInitialized => 400,
        ErrorCodes.Forbidden => 403,
        ErrorCodes.NotFound or ErrorCodes.FileNotFound => 404,
        ErrorCodes.TooManyRequests or ErrorCodes.RateLimitError => 429,
        _ => 500,
    };

    /// <summary>The stored failure of a message as the exception that the API answers with.</summary>
    public static DifyException ToException(Message message)
    {
        var code = message.ErrorCode ?? ErrorCodes.InternalServerError;
        return new DifyException(code, message.Error ?? "The answer failed.", StatusOf(code));
    }
}
