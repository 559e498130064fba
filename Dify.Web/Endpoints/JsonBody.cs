using System.Text.Json;
using Dify.Core.Common;
using Microsoft.AspNetCore.Http.Features;

namespace Dify.Web.Endpoints;

/// <summary>Reads a JSON body within a limit; whatever is wrong with it is an <c>invalid_param</c>.</summary>
internal static class JsonBody
{
    public const long UsualLimit = 4 * 1024 * 1024;

    /// <summary>What names a key twice means something else to every reader, and cannot be changed as an object later.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonDefaults.Wire) { AllowDuplicateProperties = false };

    /// <exception cref="DifyException">400 for what is not JSON or has a field of the wrong type, 413 for too much.</exception>
    public static async ValueTask<T> ReadAsync<T>(this HttpRequest request, long limit = UsualLimit)
        where T : class
    {
        if (request.ContentLength > limit)
        {
            throw new DifyException(ErrorCodes.FileTooLarge, $"The body is larger than {limit} bytes.", 413);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<T>(
                request.Body, Strict, request.HttpContext.RequestAborted)
                ?? throw DifyException.Invalid("Send a JSON object as the body.");
        }
        catch (ArgumentException)
        {
            throw DifyException.Invalid("The body names a key twice.");
        }
        catch (JsonException exception)
        {
            throw DifyException.Invalid(exception.Path is { Length: > 2 } path
                ? $"The body has a value that does not fit at '{path}'."
                : "The body is not a JSON object.");
        }
    }

    /// <summary>The same where the body may be missing.</summary>
    public static async ValueTask<T> ReadOrDefaultAsync<T>(this HttpRequest request)
        where T : class, new() =>
        request.ContentLength == 0 || !request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody
            ? new T()
            : await request.ReadAsync<T>();
}
