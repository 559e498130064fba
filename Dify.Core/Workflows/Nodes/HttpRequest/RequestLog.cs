using System.Globalization;
using System.Text;
using System.Text.Json;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>The request as text for the trace: no key, no secret of the environment, no bytes of files.</summary>
internal static class RequestLog
{
    private const string Mask = "********************";
    private const int LongestBody = 100_000;

    public static string Write(PreparedRequest request, HttpRequestSettings settings, VariablePool variables)
    {
        var log = new StringBuilder();
        log.Append(CultureInfo.InvariantCulture, $"{request.Method} {request.Address.PathAndQuery} HTTP/1.1\r\nHost: {request.Address.Authority}\r\n");
        foreach (var (name, value) in request.Headers)
        {
            var isSecret = name.Equals(request.SecretHeader, StringComparison.OrdinalIgnoreCase)
                || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase);
            log.Append(CultureInfo.InvariantCulture, $"{name}: {(isSecret ? new string('*', value.Length) : value)}\r\n");
        }

        var body = request.Body.Log;
        if (body.Length > 0)
        {
            log.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        }

        log.Append("\r\n").Append(body.Length <= LongestBody ? body : string.Concat(body.AsSpan(0, LongestBody), "…"));
        return Hide(log.ToString(), settings, variables);
    }

    private static string Hide(string log, HttpRequestSettings settings, VariablePool variables)
    {
        foreach (var selector in settings.References)
        {
            if (variables.IsSecret(selector) && variables.TryGet(selector, out var value) && value?.ToString() is { Length: > 0 } secret)
            {
                foreach (var form in (string[])[secret, Uri.EscapeDataString(secret), Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal),
                    JsonSerializer.Serialize(secret)[1..^1]])
                {
                    log = log.Replace(form, Mask, StringComparison.Ordinal);
                }
            }
        }

        return log;
    }
}
