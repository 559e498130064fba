using System.Text.Json;
using Dify.Core.Common;
using Dify.Core.Egress;
using Dify.Core.Models.Providers;

namespace Dify.Core.Models.Calls;

/// <summary>The one table from failures of providers to coded errors with a message that a person can act on.</summary>
internal static class ProviderErrors
{
    private const int LongestDetail = 300;

    private static readonly string[] QuotaSigns = ["insufficient_quota", "quota", "billing", "credit", "balance"];

    /// <summary>Whether the exception is a failure of the call, not of this program.</summary>
    public static bool IsCallFailure(Exception exception) => exception is ProviderCallException or EgressBlockedException
        or HttpRequestException or IOException or JsonException or FormatException or System.ClientModel.ClientResultException
        or global::Anthropic.Exceptions.AnthropicException or OllamaSharp.Models.Exceptions.OllamaException
        or InvalidOperationException or KeyNotFoundException or ArgumentException or NotSupportedException;

    /// <param name="exception">What the provider's client threw.</param>
    /// <param name="model">Null while credentials are checked.</param>
    public static ModelCallException Translate(Exception exception, ProviderCredentials credentials, string? model)
    {
        var call = Find<ProviderCallException>(exception) ?? Neutral(exception);
        var provider = credentials.Schema.Label;
        var detail = Detail(call.Message, credentials);
        return call.Failure switch
        {
            ProviderFailure.Status => ForStatus(call, provider, model, detail),
            ProviderFailure.Unreachable => Create(call, ErrorCodes.CompletionRequestError, "InvokeConnectionError",
                $"{provider} cannot be reached. Check the base URL and that the server is running and reachable from here."),
            ProviderFailure.Blocked => Create(call, ErrorCodes.CompletionRequestError, "InvokeConnectionError", detail),
            ProviderFailure.TimedOut => Create(call, ErrorCodes.CompletionRequestError, "InvokeServerUnavailableError",
                $"{provider} did not answer in time. Try again, or choose a faster model."),
            ProviderFailure.CutStream => Create(call, ErrorCodes.CompletionRequestError, "InvokeConnectionError",
                $"The connection to {provider} broke before the answer was complete. Try again."),
            ProviderFailure.Malformed => Create(call, ErrorCodes.CompletionRequestError, "InvokeServerUnavailableError",
                $"{provider} sent an answer that cannot be read. Check that the base URL leads to the API of a model server."),
            _ => throw new ArgumentOutOfRangeException(nameof(exception)),
        };
    }

    private static ModelCallException ForStatus(ProviderCallException call, string provider, string? model, string detail) => call.Status switch
    {
        401 or 403 when model is null => Create(call, ErrorCodes.ProviderNotInitialize, "InvokeAuthorizationError",
            $"{provider} refused the credentials ({call.Status}). Check that the API key is complete, active and belongs to this address."),
        401 or 403 => Create(call, ErrorCodes.ProviderNotInitialize, "InvokeAuthorizationError",
            $"{provider} refused the credentials ({call.Status}). Ask an admin to check the API key under Settings, Model providers."),
        402 => Create(call, ErrorCodes.ProviderQuotaExceeded, "QuotaExceededError",
            $"The account at {provider} has no credit left. Top it up there, or choose another model."),
        404 or 410 when model is not null => Create(call, ErrorCodes.ModelCurrentlyNotSupport, "InvokeBadRequestError",
            $"{provider} does not offer the model '{model}' (404). Choose another model, or check the base URL."),
        404 or 405 => Create(call, ErrorCodes.CompletionRequestError, "InvokeBadRequestError",
            $"{provider} answers, but there is no model API at this base URL ({call.Status}). Check that it has the right path, often ending in /v1."),
        429 when IsQuota(detail) => Create(call, ErrorCodes.ProviderQuotaExceeded, "QuotaExceededError",
            $"The quota of the account at {provider} is used up (429). Raise it there, or choose another model."),
        429 => Create(call, ErrorCodes.CompletionRequestError, "InvokeRateLimitError",
            call.RetryAfterSeconds is { } seconds
                ? $"{provider} takes no more requests at the moment (429). Try again in {seconds} seconds."
                : $"{provider} takes no more requests at the moment (429). Try again in a moment."),
        >= 500 => Create(call, ErrorCodes.CompletionRequestError, "InvokeServerUnavailableError",
            $"{provider} has trouble answering ({call.Status}). Try again in a moment; if it stays, look at the status page of the provider."),
        408 => Create(call, ErrorCodes.CompletionRequestError, "InvokeServerUnavailableError",
            $"{provider} did not answer in time. Try again, or choose a faster model."),
        _ => Create(call, ErrorCodes.CompletionRequestError, "InvokeBadRequestError",
            detail.Length > 0 ? $"{provider} refused the request ({call.Status}): {detail}" : $"{provider} refused the request ({call.Status})."),
    };

    private static ModelCallException Create(ProviderCallException call, string code, string errorType, string message) =>
        new(code, message, errorType, call)
        {
            RetryAfterSeconds = call.RetryAfterSeconds,
            IsTransient = call.Failure is ProviderFailure.Unreachable or ProviderFailure.TimedOut or ProviderFailure.CutStream
                || (call.Status is 408 or 429 or >= 500 && code != ErrorCodes.ProviderQuotaExceeded),
        };

    private static ProviderCallException Neutral(Exception exception) => exception switch
    {
        _ when Find<EgressBlockedException>(exception) is { } blocked => new(ProviderFailure.Blocked, blocked.Message, exception),
        HttpRequestException { StatusCode: { } status } => new(ProviderFailure.Status, "", exception) { Status = (int)status },
        _ when Find<HttpIOException>(exception) is not null => new(ProviderFailure.CutStream, "", exception),
        HttpRequestException => new(ProviderFailure.Unreachable, "", exception),
        IOException => new(ProviderFailure.CutStream, "", exception),
        System.ClientModel.ClientResultException { Status: > 0 } result => new(ProviderFailure.Status, "", exception) { Status = result.Status },
        _ => new(ProviderFailure.Malformed, "", exception),
    };

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool IsQuota(string detail) => QuotaSigns.Any(sign => detail.Contains(sign, StringComparison.OrdinalIgnoreCase));

    /// <summary>The provider's own words: without secrets, control characters and anything after 300 characters.</summary>
    private static string Detail(string text, ProviderCredentials credentials)
    {
        var detail = credentials.Redact(text);
        detail = string.Concat(detail.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return detail.Length > LongestDetail ? detail[..LongestDetail] + "…" : detail;
    }
}
