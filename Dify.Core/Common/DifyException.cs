namespace Dify.Core.Common;

/// <summary>
/// The one exception that carries a message meant for a person. The edge (API handler, page) turns it into
/// <c>{code, message, status}</c>; every other exception becomes <see cref="ErrorCodes.InternalServerError"/>.
/// </summary>
/// <param name="code">A stable code of <see cref="ErrorCodes"/>; clients branch on it.</param>
/// <param name="message">English text that says what to do next; pages translate by <paramref name="code"/>.</param>
/// <param name="status">The HTTP status that the API answers with.</param>
public class DifyException(string code, string message, int status = 400, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>Seconds after which a retry is sensible, where the cause told so (HTTP 429).</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Whether the very same call may succeed in a while: a provider's 429 or 5xx, a time-out, a broken connection.</summary>
    public bool IsTransient { get; init; }

    /// <summary>400: a value of the request is missing or wrong; the message names it.</summary>
    public static DifyException Invalid(string message) => new(ErrorCodes.InvalidParam, message);

    /// <summary>404, also used for what exists in another workspace: a foreign id is not told apart from none.</summary>
    public static DifyException NotFound(string message) => new(ErrorCodes.NotFound, message, 404);

    public static DifyException Forbidden(string message) => new(ErrorCodes.Forbidden, message, 403);

    public static DifyException Conflict(string code, string message) => new(code, message, 409);
}
